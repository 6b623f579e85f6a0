"""What Rasa raises, and our own error behind it.

Rasa wraps whatever a component raises as *Error running graph component*, which names neither the
file nor the fix.
"""

from __future__ import annotations

from rasa.engine.exceptions import (
    GraphComponentException,
    GraphRunError,
    GraphSchemaException,
    GraphSchemaValidationException,
)
from rasa.shared.exceptions import RasaException

from bot.errors import BotError

RASA_ERRORS = (
    RasaException,
    # Those of the graph have no base of their own.
    GraphComponentException,
    GraphRunError,
    GraphSchemaException,
    GraphSchemaValidationException,
)


def find_own_error(error: BaseException) -> BotError | None:
    """Return the error of ours that caused this one, if there is any."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, BotError):
            return cause
        cause = cause.__cause__
    return None
