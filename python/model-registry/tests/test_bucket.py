import pytest
from object_storage import ObjectStorage

from model_registry import AbsentError, Bucket, BucketError, ChangedError, PresentError, RefusedError, UnreachableError


def test_what_is_put_is_got(bucket: Bucket, name: str) -> None:
    etag = bucket.put(f"{name}/a", b"content")
    assert bucket.get(f"{name}/a").content == b"content"
    assert bucket.get(f"{name}/a").etag == etag
    assert bucket.put(f"{name}/a", b"other") != etag
    assert bucket.get(f"{name}/a").content == b"other"


def test_what_is_not_there_is_said_so(bucket: Bucket, name: str) -> None:
    with pytest.raises(AbsentError, match=f"failed to read s3://pipeline/{name}: there is no such object"):
        bucket.get(name)


def test_an_object_is_new_only_once(bucket: Bucket, name: str) -> None:
    bucket.put_if_absent(name, b"first")
    with pytest.raises(PresentError, match=f"s3://pipeline/{name} is there already"):
        bucket.put_if_absent(name, b"second")
    assert bucket.get(name).content == b"first"
    bucket.delete(name)
    bucket.put_if_absent(name, b"third")


def test_only_who_read_the_latest_state_may_write(bucket: Bucket, name: str) -> None:
    first = bucket.put(name, b"first")
    second = bucket.put_if_match(name, b"second", first)
    assert second == bucket.get(name).etag
    with pytest.raises(ChangedError, match=f"s3://pipeline/{name} has changed since it was read"):
        bucket.put_if_match(name, b"third", first)
    assert bucket.get(name).content == b"second"


def test_what_was_taken_away_has_changed(bucket: Bucket, name: str) -> None:
    etag = bucket.put(name, b"first")
    bucket.delete(name)
    bucket.delete(name)
    with pytest.raises(ChangedError, match="has changed since it was read"):
        bucket.put_if_match(name, b"second", etag)
    with pytest.raises(AbsentError):
        bucket.get(name)


def test_a_list_has_more_than_one_page(bucket: Bucket, name: str) -> None:
    keys = [f"{name}/{number:04}" for number in range(1010)]
    for key in keys:
        bucket.put(key, b"12345")
    entries = list(bucket.list(f"{name}/"))
    assert [entry.key for entry in entries] == keys
    assert {entry.size for entry in entries} == {5}
    assert list(bucket.list(f"{name}/nothing")) == []


def test_folders_are_what_is_up_to_the_next_slash(bucket: Bucket, name: str) -> None:
    for key in ("b/1", "a/1", "a/2", "a/deeper/1", "file"):
        bucket.put(f"{name}/{key}", b"")
    assert list(bucket.folders(f"{name}/")) == ["a", "b"]
    assert list(bucket.folders(f"{name}/a/")) == ["deeper"]
    assert list(bucket.folders(f"{name}/nothing/")) == []


def test_refusals_are_told_from_absence(storage: ObjectStorage) -> None:
    elsewhere = Bucket.from_environment(storage.environment | {"BUCKET": "elsewhere"})
    stranger = Bucket.from_environment(storage.environment | {"AWS_SECRET_ACCESS_KEY": "guessed"})
    for refused, code in ((elsewhere, "NoSuchBucket"), (stranger, "SignatureDoesNotMatch")):
        with pytest.raises(RefusedError, match=code):
            refused.get("key")
        with pytest.raises(RefusedError, match=code):
            refused.put_if_absent("key", b"")
        with pytest.raises(RefusedError, match=code):
            refused.put_if_match("key", b"", '"etag"')


@pytest.mark.parametrize("missing", ["AWS_ENDPOINT_URL_S3", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "BUCKET"])
def test_a_missing_variable_is_named(storage: ObjectStorage, missing: str) -> None:
    with pytest.raises(BucketError, match=f"the environment variable {missing} is not set"):
        Bucket.from_environment(storage.environment | {missing: ""})


def test_an_address_that_is_none_is_quoted(storage: ObjectStorage) -> None:
    with pytest.raises(BucketError, match="describes no bucket: Invalid endpoint: nowhere"):
        Bucket.from_environment(storage.environment | {"AWS_ENDPOINT_URL_S3": "nowhere"})


def test_secrets_are_in_no_text(storage: ObjectStorage) -> None:
    assert storage.secret not in repr(storage.bucket())


def test_only_objects_of_this_bucket_have_a_key(bucket: Bucket) -> None:
    assert bucket.key(bucket.uri("models/1/model.onnx")) == "models/1/model.onnx"
    with pytest.raises(BucketError, match="is in the bucket other, and only pipeline can be read here"):
        bucket.key("s3://other/model.onnx")
    for uri in ("", "model.onnx", "s3://", "s3://pipeline", "s3://pipeline/", "file:///model.onnx"):
        with pytest.raises(BucketError, match="names no object: a URI such as s3://pipeline/models"):
            bucket.key(uri)


def test_a_server_that_is_away_is_waited_for_only_so_long() -> None:
    with ObjectStorage.running() as storage:
        bucket = storage.bucket(patience=0.5)
        bucket.put("key", b"content")
        storage.stop()
        with pytest.raises(UnreachableError, match=r"failed to read s3://pipeline/key, tried for 0.5 seconds: "):
            bucket.get("key")
