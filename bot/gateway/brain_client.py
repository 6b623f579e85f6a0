"""How the gateway asks a brain, over HTTP on the internal network.

With aiohttp: a call costs a fraction of what it costs with httpx, and every turn makes one.

BrainError
├── BrainAway       no brain could take the turn; ask again, for as long as it takes
├── BrainFailed     a brain took the turn and broke on it; ask again, but not for ever
└── BrainRefused    a brain says that the turn itself is wrong
"""

import json
import zlib
from collections.abc import Sequence
from types import TracebackType
from typing import Annotated, Protocol, Self

import aiohttp
from pydantic import AfterValidator, BaseModel, ConfigDict, JsonValue, ValidationError

from bot.gateway.model import Card, Source, Turn
from bot.gateway.typed_text import clean_line, clean_text

CONNECT_TIMEOUT_S = 2.0
HEALTH_TIMEOUT_S = 5.0
_HEALTH_TIMEOUT = aiohttp.ClientTimeout(total=HEALTH_TIMEOUT_S)
# Shorter than the five seconds after which servers commonly drop an idle connection.
KEEP_ALIVE_S = 3.0
MAX_CONNECTIONS = 100

Text = Annotated[str, AfterValidator(clean_text)]
Line = Annotated[str, AfterValidator(clean_line)]


class BrainError(Exception):
    """The base of what goes wrong between gateway and brain."""


class BrainAway(BrainError):
    """Nothing is known to have run."""


class BrainFailed(BrainError):
    """The turn may be what breaks the brain."""


class BrainRefused(BrainError):
    """Asking again in the same words will not help."""


class _FromBrain(BaseModel):
    model_config = ConfigDict(frozen=True, protected_namespaces=())


class BrainChoice(_FromBrain):
    """A button with what it means; the meaning never leaves the gateway."""

    title: Line
    payload: Line


class BrainReply(_FromBrain):
    """One message of an answer."""

    text: Text = ""
    choices: tuple[BrainChoice, ...] = ()
    cards: tuple[Card, ...] = ()
    sources: tuple[Source, ...] = ()


class Answer(_FromBrain):
    """What a brain makes of a turn."""

    replies: tuple[BrainReply, ...]
    understood: dict[str, JsonValue] = {}
    model_id: str = ""


class BrainHealth(_FromBrain):
    """Whether a canary message is understood, and by which model."""

    ready: bool
    model_id: str | None = None


class Brain(Protocol):
    """Something that answers turns."""

    async def answer(self, turn: Turn) -> Answer:
        """Return the answer to a turn; asked again with the same message, the same answer.

        Raises:
            BrainAway: ask again.
            BrainFailed: ask again, but not for ever.
            BrainRefused: the turn is wrong.
        """

    async def health(self) -> BrainHealth:
        """Return whether any brain is ready; never raises."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...


class HttpBrain:
    """Brains at one or more addresses; one conversation prefers one of them."""

    def __init__(
        self,
        urls: Sequence[str],
        *,
        token: str,
        timeout_s: float,
    ) -> None:
        self._urls = tuple(urls)
        self._headers = {"Authorization": f"Bearer {token}"}
        self._timeout = aiohttp.ClientTimeout(sock_read=timeout_s, sock_connect=CONNECT_TIMEOUT_S)
        self._client: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._client = aiohttp.ClientSession(
            headers=self._headers,
            timeout=self._timeout,
            connector=aiohttp.TCPConnector(limit=MAX_CONNECTIONS, keepalive_timeout=KEEP_ALIVE_S),
            json_serialize=_to_json,
        )
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._session.close()

    @property
    def _session(self) -> aiohttp.ClientSession:
        assert self._client is not None, "used outside `async with`"  # noqa: S101 - a fault of ours
        return self._client

    async def answer(self, turn: Turn) -> Answer:
        body = {
            "conversation_id": turn.conversation_id,
            "message_id": turn.message_id,
            "text": turn.text,
            "choice": turn.choice,
            "shopper": turn.shopper,
        }
        reasons = []
        too_slow: TimeoutError | None = None
        for url in self._route(turn.conversation_id):
            try:
                async with self._session.post(f"{url}/turns", json=body) as response:
                    return _read_answer(response.status, await response.read())
            except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
                reasons.append(f"{url}: {type(error).__name__}")
            except BrainAway as error:
                reasons.append(f"{url}: {error}")
            except TimeoutError as error:
                # It may hang, so the next one is asked; should both run the turn, only one of them
                # can store it.
                too_slow = error
                reasons.append(f"{url}: {type(error).__name__}")
            except aiohttp.ClientError as error:
                raise BrainFailed(f"{url}: {type(error).__name__}") from error
        if too_slow is not None:
            raise BrainFailed("; ".join(reasons)) from too_slow
        raise BrainAway("; ".join(reasons))

    async def health(self) -> BrainHealth:
        found = BrainHealth(ready=False)
        for url in self._urls:
            try:
                async with self._session.get(f"{url}/health", timeout=_HEALTH_TIMEOUT) as response:
                    found = BrainHealth.model_validate_json(await response.read())
            except (aiohttp.ClientError, TimeoutError, ValidationError):
                continue
            if found.ready:
                break
        return found

    def _route(self, conversation_id: str) -> Sequence[str]:
        """Return the addresses to try in order; always the same one first."""
        first = zlib.crc32(conversation_id.encode()) % len(self._urls)
        return self._urls[first:] + self._urls[:first]


def _read_answer(status: int, content: bytes) -> Answer:
    match status:
        case 200:
            try:
                return Answer.model_validate_json(content)
            except ValidationError as error:
                raise BrainFailed("the answer has the wrong shape") from error
        case 409 | 503:
            raise BrainAway(f"status {status}")
        case 422:
            raise BrainRefused("status 422")
        case _:
            raise BrainFailed(f"status {status}")


def _to_json(body: object) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
