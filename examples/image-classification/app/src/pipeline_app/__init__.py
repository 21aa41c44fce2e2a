"""A page for the whole pipeline: predictions, batches of uploads, runs, and the model that is served."""
