"""Models that know nothing, but each of them something else."""

import io

import numpy as np
import onnxruntime
from digits.picture import digit_of_upload
from digits_job.model import export
from digits_job.network import begin
from model_registry import Lineage, Registry, Version
from PIL import Image
from strokes import draw


def model(seed: int) -> bytes:
    return export(begin(seed))


def register(registry: Registry, content: bytes) -> Version:
    lineage = Lineage(job=f"job-{len(registry.versions())}", run_id="run", code="code")
    return registry.register(content, metrics={"accuracy": 0.1}, dataset="0123456789ab", lineage=lineage)


def picture(kind: str = "PNG", side: int = 280) -> bytes:
    file = io.BytesIO()
    drawn = draw(3, np.random.default_rng(0))
    drawn.resize((side, side), Image.Resampling.BICUBIC).save(file, kind)
    return file.getvalue()


def expected(content: bytes, picture: bytes) -> list[float]:
    """Give what a model says of a picture, asked without anything between."""
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    (probabilities,) = session.run(["probabilities"], {"pixels": digit_of_upload(picture).reshape(1, -1)})
    return [float(share) for share in probabilities[0]]
