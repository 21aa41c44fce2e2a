"""A page on which a user draws or uploads a digit and sees what a model takes it for."""
