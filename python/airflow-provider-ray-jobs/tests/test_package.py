import os
import stat
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from airflow_provider_ray_jobs.errors import PackageError
from airflow_provider_ray_jobs.package import Package


def tree(folder: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return folder


def names(package: Package) -> list[str]:
    return zipfile.ZipFile(BytesIO(package.zip())).namelist()


def test_the_same_files_are_the_same_package_wherever_and_whenever(tmp_path: Path) -> None:
    files = {"b.py": "2", "a/c.py": "3", "a.py": "1"}
    one = tree(tmp_path / "one", files)
    two = tree(tmp_path / "two", dict(reversed(files.items())))
    os.utime(two / "b.py", (1, 1))
    (two / "b.py").chmod(0o600)
    assert Package.of(one).name == Package.of(two).name
    assert Package.of(one).zip() == Package.of(two).zip()
    assert names(Package.of(one)) == ["a.py", "a/c.py", "b.py"]
    assert Package.of(one).uri == f"gcs://{Package.of(one).name}"


@pytest.mark.parametrize("change", ["content", "name", "mode", "boundary", "another"])
def test_any_other_files_are_another_package(tmp_path: Path, change: str) -> None:
    folder = tree(tmp_path, {"a": "12", "b": "3"})
    before = Package.of(folder).name
    match change:
        case "content":
            (folder / "a").write_text("13")
        case "name":
            (folder / "a").rename(folder / "c")
        case "mode":
            (folder / "a").chmod(0o755)
        case "boundary":
            tree(folder, {"a": "1", "b": "23"})
        case _:
            tree(folder, {"c": ""})
    assert Package.of(folder).name != before


def test_modes_are_kept_as_far_as_they_matter(tmp_path: Path) -> None:
    folder = tree(tmp_path, {"run": "", "read": ""})
    (folder / "run").chmod(0o700)
    entries = zipfile.ZipFile(BytesIO(Package.of(folder).zip())).infolist()
    modes = {entry.filename: stat.S_IMODE(entry.external_attr >> 16) for entry in entries}
    assert modes == {"run": 0o755, "read": 0o644}


def test_what_no_job_needs_is_left_out(tmp_path: Path) -> None:
    wanted = {"main.py": "", "data/small.csv": ""}
    unwanted = {"__pycache__/a.pyc": "", ".git/HEAD": "", "data/big.bin": "", "notes/a.md": "", "..2026/main.py": ""}
    folder = tree(tmp_path, {**wanted, **unwanted})
    (folder / "..data").symlink_to("..2026")
    assert names(Package.of(folder, excludes=["*.bin", "notes"])) == ["data/small.csv", "main.py"]
    assert names(Package.of(folder, excludes=["data/*", "notes"])) == ["main.py"]


def test_links_to_files_are_followed_as_in_a_mounted_config_map(tmp_path: Path) -> None:
    folder = tree(tmp_path, {"..2026/main.py": "1"})
    (folder / "..data").symlink_to("..2026")
    (folder / "main.py").symlink_to("..data/main.py")
    assert names(Package.of(folder)) == ["main.py"]


def test_what_cannot_be_packed_is_named(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="is not there"):
        Package.of(tmp_path / "nowhere")
    with pytest.raises(PackageError, match="holds no file"):
        Package.of(tmp_path)
    tree(tmp_path, {"a": ""})
    (tmp_path / "gone").symlink_to("nowhere")
    with pytest.raises(PackageError, match="gone"):
        Package.of(tmp_path)
    (tmp_path / "gone").unlink()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(PackageError, match="pipe is no file"):
        Package.of(tmp_path)
    (tmp_path / "pipe").unlink()
    (tmp_path / "folder").symlink_to(tmp_path)
    with pytest.raises(PackageError, match="folder is a link to a folder"):
        Package.of(tmp_path)


def test_a_size_that_ray_does_not_take_is_told_before_anything_is_read(tmp_path: Path) -> None:
    folder = tree(tmp_path, {"small": "1"})
    with (folder / "large").open("wb") as file:
        file.truncate(101 * 1024 * 1024)
    with pytest.raises(
        PackageError, match=r"holds 101\.0 MiB, and at most 100\.0 MiB .* largest are large \(101\.0 MiB\)"
    ):
        Package.of(folder)
    assert names(Package.of(folder, excludes=["large"])) == ["small"]


def test_files_that_change_meanwhile_are_noticed(tmp_path: Path) -> None:
    folder = tree(tmp_path, {"a": "1"})
    package = Package.of(folder)
    (folder / "a").write_text("2")
    with pytest.raises(PackageError, match="has changed"):
        package.zip()
