"""What can go wrong with a source. The messages are for visitors: no secret and no address is in them."""


class SourceError(Exception):
    """A source gave nothing that could be shown."""


class NotSetError(SourceError):
    """The environment does not say where the source is, or how to be let in."""


class AwayError(SourceError):
    """The source does not answer, or says that it cannot at the moment. Later it may."""


class RefusedError(SourceError):
    """The source answers, and does not let this page in."""


class AbsentError(SourceError):
    """The source answers, and does not have what was asked for."""


class StrangeError(SourceError):
    """The source answers with something else than it should."""
