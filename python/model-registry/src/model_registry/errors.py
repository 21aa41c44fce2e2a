"""What can go wrong with a bucket and with the models in it. Callers tell these apart, and act on some of them."""


class BucketError(Exception):
    """The bucket did not do what was asked of it."""


class AbsentError(BucketError):
    """There is no object under the key."""


class PresentError(BucketError):
    """There is an object under a key that was to be new."""


class ChangedError(BucketError):
    """The object is no longer the one that was read: somebody else has written it, or taken it away."""


class RefusedError(BucketError):
    """The server understood and said no: no such bucket, wrong credentials, no permission. No retry helps."""


class UnreachableError(BucketError):
    """The server was not reached, or not able to answer, for as long as the bucket's patience lasted."""


class RegistryError(Exception):
    """What the registry holds does not allow what was asked of it."""


class IntegrityError(RegistryError):
    """An artifact is not the one that was registered, or a record is none. Nothing of it may be used."""
