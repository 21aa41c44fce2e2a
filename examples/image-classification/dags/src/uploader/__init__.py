"""Uploads batches with known faults, and follows them to the model that they make. For tests and demonstrations."""
