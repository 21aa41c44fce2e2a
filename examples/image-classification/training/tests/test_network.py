import numpy as np
import onnxruntime
import pytest
from digits.samples import Sample

from digits_job.model import ModelError, accuracy, export
from digits_job.network import HIDDEN, INPUTS, SIZE, Layers, Learner, begin, gradient, probabilities


@pytest.fixture
def sample() -> Sample:
    random = np.random.default_rng(0)
    labels = random.integers(0, 10, 40)
    pictures = np.zeros((40, 8, 8), dtype=np.float32)
    # A digit that is easily told: its cell is black.
    pictures[np.arange(40), 0, labels % 8] = 1
    pictures[np.arange(40), 1, labels // 8] = 1
    return Sample(pictures, labels)


def test_the_vector_is_made_of_its_layers() -> None:
    vector = begin(seed=0)
    layers = Layers.of(vector)
    assert [part.shape for part in layers] == [(INPUTS, HIDDEN), (HIDDEN,), (HIDDEN, 10), (10,)]
    assert sum(part.size for part in layers) == SIZE
    layers.output_biases[:] = 7
    assert (vector[-10:] == 7).all()


def test_the_slope_is_the_slope(sample: Sample) -> None:
    vector = begin(seed=0)
    slope, loss = gradient(vector, sample.rows(), sample.labels)
    random = np.random.default_rng(1)
    for _ in range(5):
        direction = random.normal(0, 1, SIZE).astype(np.float32)
        step = 1e-3 * direction / np.linalg.norm(direction)
        ahead = gradient(vector + step, sample.rows(), sample.labels)[1]
        behind = gradient(vector - step, sample.rows(), sample.labels)[1]
        assert (ahead - behind) / 2 == pytest.approx(float(slope @ step), abs=2e-6)
    assert loss == pytest.approx(np.log(10), abs=1)


def test_it_learns(sample: Sample) -> None:
    learner = Learner.new(seed=0)
    for _ in range(60):
        learner.step(gradient(learner.vector, sample.rows(), sample.labels)[0], 60)
    assert learner.vector.dtype == np.float32
    assert (probabilities(learner.vector, sample.rows()).argmax(axis=1) == sample.labels).all()


def test_the_model_says_what_the_network_says(sample: Sample) -> None:
    vector = begin(seed=0)
    model = export(vector)
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    labels, found = session.run(["label", "probabilities"], {"pixels": sample.rows()})
    expected = probabilities(vector, sample.rows())
    assert np.allclose(found, expected, atol=1e-5)
    assert (labels == expected.argmax(axis=1)).all()
    assert accuracy(model, vector, sample) == np.mean(labels == sample.labels)
    assert export(vector) == model


def test_a_model_of_another_network_is_refused(sample: Sample) -> None:
    with pytest.raises(ModelError, match="the model's probabilities differ from the network's by"):
        accuracy(export(begin(seed=0)), begin(seed=1), sample)
    with pytest.raises(ModelError, match="by nan"):
        accuracy(export(begin(seed=0)), begin(seed=0) * np.float32(np.nan), sample)
