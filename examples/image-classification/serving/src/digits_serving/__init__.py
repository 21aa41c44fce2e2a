"""Serves a registered model of handwritten digits by Ray Serve, and exchanges it without a restart."""
