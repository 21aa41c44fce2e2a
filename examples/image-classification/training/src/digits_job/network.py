"""The network: one hidden layer, its gradients, and how it learns from them. All of it is one vector of numbers."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from digits.samples import SIDE
from numpy.typing import NDArray

Vector = NDArray[np.float32]
Matrix = NDArray[np.float32]

INPUTS = SIDE * SIDE
HIDDEN = 256
OUTPUTS = 10

RATE = 0.004
"""How far a step goes at first; at last it goes nowhere."""
DECAY = 0.1
"""How much weights shrink by a step of length one, unless they are of use."""
MOMENTUM, SPREAD = 0.9, 0.999
"""Of the averages of the gradients and of their squares, what stays from step to step."""
TINY = 1e-8


class Layers(NamedTuple):
    """The vector's parts: views of it."""

    hidden_weights: Matrix
    hidden_biases: Vector
    output_weights: Matrix
    output_biases: Vector

    @classmethod
    def of(cls, vector: Vector) -> "Layers":
        """Take a vector apart."""
        ends = np.cumsum([INPUTS * HIDDEN, HIDDEN, HIDDEN * OUTPUTS])
        hidden, hidden_biases, output, output_biases = np.split(vector, ends)
        return cls(hidden.reshape(INPUTS, HIDDEN), hidden_biases, output.reshape(HIDDEN, OUTPUTS), output_biases)


SIZE = INPUTS * HIDDEN + HIDDEN + HIDDEN * OUTPUTS + OUTPUTS


def begin(seed: int) -> Vector:
    """Give a network that knows nothing yet."""
    random = np.random.default_rng(seed)
    vector = np.zeros(SIZE, dtype=np.float32)
    layers = Layers.of(vector)
    layers.hidden_weights[:] = random.normal(0, np.sqrt(2 / INPUTS), (INPUTS, HIDDEN))
    layers.output_weights[:] = random.normal(0, np.sqrt(1 / HIDDEN), (HIDDEN, OUTPUTS))
    return vector


def probabilities(vector: Vector, rows: Matrix) -> Matrix:
    """Say for each row and each digit how probable it is that the row shows the digit."""
    return _forward(Layers.of(vector), rows)[1]


def gradient(vector: Vector, rows: Matrix, labels: NDArray[np.int64]) -> tuple[Vector, float]:
    """Give the slope of the loss on these examples, and the loss."""
    layers = Layers.of(vector)
    hidden, guesses = _forward(layers, rows)
    examples = np.arange(len(rows))
    loss = float(-np.log(np.maximum(guesses[examples, labels], TINY)).mean())
    wrong = guesses
    wrong[examples, labels] -= 1
    wrong /= len(rows)
    wrong_hidden = (wrong @ layers.output_weights.T) * (hidden > 0)
    slope = np.empty_like(vector)
    slopes = Layers.of(slope)
    slopes.hidden_weights[:] = rows.T @ wrong_hidden
    slopes.hidden_biases[:] = wrong_hidden.sum(axis=0)
    slopes.output_weights[:] = hidden.T @ wrong
    slopes.output_biases[:] = wrong.sum(axis=0)
    return slope, loss


@dataclass
class Learner:
    """A network on its way: Adam, with weights that decay by themselves, and steps that get shorter."""

    vector: Vector
    mean: Vector
    square: Vector
    rounds_done: int = 0

    @classmethod
    def new(cls, seed: int) -> "Learner":
        """Begin at the beginning."""
        return cls(begin(seed), np.zeros(SIZE, dtype=np.float32), np.zeros(SIZE, dtype=np.float32))

    def step(self, slope: Vector, rounds: int) -> None:
        """Take one of `rounds` steps, down the slope."""
        # The shorter towards the end, along a cosine.
        rate = RATE * (1 + np.cos(np.pi * self.rounds_done / rounds)) / 2
        self.rounds_done += 1
        self.mean = _float32(MOMENTUM * self.mean + (1 - MOMENTUM) * slope)
        self.square = _float32(SPREAD * self.square + (1 - SPREAD) * slope * slope)
        mean = self.mean / (1 - MOMENTUM**self.rounds_done)
        square = self.square / (1 - SPREAD**self.rounds_done)
        self.vector = _float32(self.vector - rate * (mean / (np.sqrt(square) + TINY) + DECAY * self._weights()))

    def _weights(self) -> Vector:
        """Give the vector with its biases left out."""
        weights = self.vector.copy()
        layers = Layers.of(weights)
        layers.hidden_biases[:] = 0
        layers.output_biases[:] = 0
        return weights


def _forward(layers: Layers, rows: Matrix) -> tuple[Matrix, Matrix]:
    hidden = np.maximum(rows @ layers.hidden_weights + layers.hidden_biases, 0)
    scores = hidden @ layers.output_weights + layers.output_biases
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    return hidden, shares / shares.sum(axis=1, keepdims=True)


def _float32(values: NDArray[np.floating]) -> Vector:
    return values.astype(np.float32)
