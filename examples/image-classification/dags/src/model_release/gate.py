"""Whether a model is good enough to be served in place of the one that is."""

from dataclasses import dataclass

from model_registry import IntegrityError, Registry


class GateError(Exception):
    """The model is not good enough. The message says by how much."""


@dataclass(frozen=True)
class Gate:
    """What is asked of a model."""

    least_accuracy: float
    """Of any model."""
    max_accuracy_loss: float
    """By how much it may be worse than the champion: other pictures are held out from a data set that has grown."""

    def admit(self, accuracy: float, registry: Registry) -> str:
        """Say why a model is good enough; a `GateError` if it is not."""
        if accuracy < self.least_accuracy:
            raise GateError(f"the accuracy is {accuracy:.4f}, and must be at least {self.least_accuracy:.4f}")
        champion = registry.aliases().champion
        if champion is None:
            return f"the accuracy is {accuracy:.4f}, and there is no champion yet"
        known = registry.version(champion.version).metrics.get("accuracy")
        if known is None:
            raise IntegrityError(f"the metadata of version {champion.version}, the champion, tell no accuracy")
        least = known - self.max_accuracy_loss
        if accuracy < least:
            raise GateError(
                f"the accuracy is {accuracy:.4f}, and must be at least {least:.4f}, for that of the champion, version "
                f"{champion.version}, is {known:.4f}: look at what the latest batches have brought, or raise "
                "max_accuracy_loss"
            )
        return f"the accuracy is {accuracy:.4f}, and that of version {champion.version}, the champion, {known:.4f}"
