"""What all that know handwritten digits share: pictures, a canvas to draw on, and samples to train with."""
