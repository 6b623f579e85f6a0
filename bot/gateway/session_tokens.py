"""Session tokens: signed, for one session of one conversation, and nothing else."""

from dataclasses import dataclass
from datetime import datetime

import jwt

from bot.gateway.errors import NotSignedIn

_ALGORITHM = "HS256"
_AUDIENCE = "shop-support-bot/session"
_NOT_GOOD = "The session token is not valid or has expired: open a new session."


@dataclass(frozen=True, slots=True)
class Bearer:
    """What a good token says; whether the session still stands is known to the database."""

    session_id: str
    conversation_id: str


class SessionTokens:
    """Makes and checks tokens with a key that serves no other purpose."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def sign(self, bearer: Bearer, *, expires_at: datetime) -> str:
        claims = {
            "aud": _AUDIENCE,
            "sid": bearer.session_id,
            "cid": bearer.conversation_id,
            "exp": int(expires_at.timestamp()),
        }
        return jwt.encode(claims, self._key, _ALGORITHM)

    def verify(self, token: str) -> Bearer:
        """Read a token.

        Raises:
            NotSignedIn: it is forged, expired, or made for something else.
        """
        try:
            claims = jwt.decode(
                token,
                self._key,
                algorithms=[_ALGORITHM],
                audience=_AUDIENCE,
                options={"require": ["exp", "aud", "sid", "cid"]},
            )
        except (jwt.InvalidTokenError, ValueError, RecursionError) as error:
            raise NotSignedIn(_NOT_GOOD) from error
        return Bearer(session_id=str(claims["sid"]), conversation_id=str(claims["cid"]))
