"""Time zones by the names that browsers give."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_UTC = "UTC"


def find_zone(name: str | None) -> ZoneInfo:
    """Return the zone of an IANA name; UTC without one, or when this machine does not know it.

    Browsers may know zones that this machine does not; that is no reason not to talk.
    """
    try:
        return ZoneInfo(name or _UTC)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(_UTC)
