"""Trains a classifier of handwritten digits on several nodes of a Ray cluster, and survives the loss of any of them."""
