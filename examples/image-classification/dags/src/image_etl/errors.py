"""What is wrong with a batch as a whole. No retry helps."""


class BatchError(Exception):
    """The batch cannot be taken, or not as it is. The message says what to do."""
