"""Trains a classifier of handwritten digits, stores it, and says in a ConfigMap what was stored."""
