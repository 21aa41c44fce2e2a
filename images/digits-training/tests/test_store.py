import hashlib
import os
import stat
from pathlib import Path

import pytest

from digits_training.store import store


def test_the_version_follows_from_the_content(tmp_path: Path) -> None:
    stored = store(b"model", tmp_path)
    assert stored.sha256 == hashlib.sha256(b"model").hexdigest()
    assert stored.file == f"digits-{stored.sha256[:12]}.onnx"
    assert (tmp_path / stored.file).read_bytes() == b"model"


def test_other_users_may_read_it_whatever_the_mask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        stored = store(b"model", tmp_path)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / stored.file).stat().st_mode) == 0o644


def test_earlier_versions_stay_and_the_same_one_is_stored_again(tmp_path: Path) -> None:
    first, second, again = (store(model, tmp_path) for model in (b"first", b"second", b"first"))
    assert again == first
    assert {path.name for path in tmp_path.iterdir()} == {first.file, second.file}


def test_a_failure_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space left"):
        store(b"model", tmp_path)
    assert list(tmp_path.iterdir()) == []
