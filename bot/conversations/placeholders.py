"""What a conversation file writes in braces, since it is not the same at every run.

`{day +26 hours}` is the day that many hours after the shop was loaded, as shown to the shopper;
`{long day -5 hours}` the same with its year. `{200 times 7}` is a text too long to write out.
Braces around anything else are just braces.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from actions.presentation import Presentation

_MINUTES: Final = {"minute": 1, "hour": 60, "day": 24 * 60}
_DURATION: Final = re.compile(
    r"(?P<sign>[+-]?)(?P<count>\d+(?:\.\d+)?) (?P<unit>minute|hour|day)s?"
)
_DAY: Final = re.compile(rf"\{{(?P<long>long )?day (?P<duration>{_DURATION.pattern})\}}")
_TIMES: Final = re.compile(r"\{(?P<count>\d{1,5}) times (?P<text>[^{}]+)\}")


def read_duration(text: str) -> timedelta:
    """Read `1 hour`, `-20 minutes`.

    Raises:
        ValueError: It is no duration.
    """
    found = _DURATION.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no duration such as `26 hours`")
    minutes = float(found["count"]) * _MINUTES[found["unit"]]
    return timedelta(minutes=-minutes if found["sign"] == "-" else minutes)


def fill_in(text: str, *, loaded_at: datetime, show: Presentation) -> str:
    """Replace the placeholders of an expectation."""
    return _TIMES.sub(_repeat, _DAY.sub(_days(loaded_at, show), text))


def repeat(text: str) -> str:
    """Replace the placeholders of something that a shopper types."""
    return _TIMES.sub(_repeat, text)


def _days(loaded_at: datetime, show: Presentation) -> Callable[[re.Match[str]], str]:
    def day(match: re.Match[str]) -> str:
        instant = loaded_at + read_duration(match["duration"])
        return show.day(instant) if match["long"] else show.short_day(instant)

    return day


def _repeat(match: re.Match[str]) -> str:
    return match["text"] * int(match["count"])
