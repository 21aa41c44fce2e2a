"""Times, durations and checksums as people read them."""

from datetime import UTC, datetime

MINUTE, HOUR, DAY = 60, 3600, 86400
SHORT = 12


def ago(moment: datetime, now: datetime) -> str:
    """Say how long ago something was; after some days, on which day."""
    seconds = (now - moment).total_seconds()
    if seconds < MINUTE:
        return "just now"
    if seconds < HOUR:
        return f"{int(seconds // MINUTE)} min ago"
    if seconds < DAY:
        return f"{int(seconds // HOUR)} h ago"
    if seconds < 3 * DAY:
        days = int(seconds // DAY)
        return f"{days} day{'s' if days > 1 else ''} ago"
    return f"{moment.astimezone(UTC):%-d %b %Y}"


def at(moment: datetime) -> str:
    """Say when something was."""
    return f"{moment.astimezone(UTC):%-d %b %Y, %H:%M:%S} UTC"


def duration(seconds: float) -> str:
    """Say how long something took."""
    if seconds < 10:  # noqa: PLR2004 - a second more or less matters
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        return f"{whole // MINUTE} min {whole % MINUTE} s"
    return f"{whole // HOUR} h {whole % HOUR // MINUTE} min"


def short(checksum: str) -> str:
    """Give as much of a checksum as tells it from others."""
    return checksum[:SHORT]


def number(of: int) -> str:
    """Write a number of things."""
    return f"{of:,}"


def plain(reason: str) -> str:
    """Write a reason as words."""
    return reason.replace("-", " ")
