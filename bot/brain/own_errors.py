"""Finds our own error behind one of Rasa's.

Rasa wraps whatever a component raises as *Error running graph component*, which names neither the
file nor the fix.
"""

from __future__ import annotations

from bot.errors import BotError


def find_own_error(error: BaseException) -> BotError | None:
    """Return the error of ours that caused this one, if there is any."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, BotError):
            return cause
        cause = cause.__cause__
    return None
