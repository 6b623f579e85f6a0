"""Asking a shop's own system over HTTP: within a deadline, safely again, and nobody else.

Nothing that is logged or raised here holds an address, a token or a body: they name customers.
"""

import logging
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy
from typing import Final

import requests
from pydantic import JsonValue
from pydantic_core import from_json
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError
from urllib3.exceptions import TimeoutError as SlowAnswer

from actions.orders.circuit_breaker import CircuitBreaker, CircuitOpen
from actions.orders.deadline import Deadline, within
from actions.orders.http_connections import DeadlineAdapter
from actions.orders.store import OrderStoreUnavailable

# A little less than a turn may take, so that what came of a call is known before the turn ends.
CALL_DEADLINE_S: Final = 2.5
CONNECT_TIMEOUT_S: Final = 1.0
MAX_BODY_BYTES: Final = 1024 * 1024
ATTEMPTS: Final = 3
PAUSE_S: Final = 0.1
# With less time left, another attempt could hardly end well.
WORTH_AN_ATTEMPT_S: Final = 0.3
CONNECTIONS: Final = 8

_AWAY: Final = (
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
)
ORDER_UNREADABLE: Final = "urn:problem:order-unreadable"
_JSON: Final = ("application/json", "application/problem+json")

Query = Mapping[str, str]
JsonObject = dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Request:
    """One call. All of them may be repeated: they change nothing, or the same key counts once."""

    method: str
    path: str
    query: Query = field(default_factory=dict)
    body: Query | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a status below 500, or that the shop's system cannot read an order."""

    status: int
    document: JsonObject
    retry_after: str | None = None


class _NoAnswer(OrderStoreUnavailable):
    """One attempt failed; `again` tells whether another may do better."""

    def __init__(self, reason: str, *, again: bool = False) -> None:
        super().__init__(f"the shop's system: {reason}")
        self.again = again


class _BearerToken(AuthBase):
    """Beside sending the token, this keeps `requests` from looking for others in `.netrc`."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class HttpTransport:
    """Asks one shop's system; may be used from several threads."""

    def __init__(
        self,
        address: str,
        token: str,
        *,
        deadline_s: float = CALL_DEADLINE_S,
        breaker: CircuitBreaker | None = None,
    ) -> None:
        """Prepare; connects to nothing yet. `address` and `token` are checked ones."""
        self._address = address
        self._deadline_s = deadline_s
        self._breaker = breaker or CircuitBreaker()
        self._session = _open_session(address, token)

    def send(self, request: Request) -> Answer:
        """Ask, and ask again if that is safe and there is time.

        Raises:
            OrderStoreUnavailable: There is no answer within the deadline, or none that makes sense.
        """
        with within(Deadline.after(self._deadline_s)) as deadline:
            if deadline.remaining_s <= 0:
                raise _NoAnswer("no time is left to ask it")
            try:
                with self._breaker.guarding(OrderStoreUnavailable):
                    return self._send(request, deadline)
            except CircuitOpen:
                raise _NoAnswer("failed several times in a row and is given a rest") from None

    def close(self) -> None:
        self._session.close()

    def _send(self, request: Request, deadline: Deadline) -> Answer:
        attempt = 1
        while True:
            # Calls that failed at the same moment are not repeated at the same moment.
            pause_s = random.uniform(0, PAUSE_S * attempt)  # noqa: S311
            try:
                return self._attempt(request, deadline)
            except _NoAnswer as failure:
                too_late = deadline.remaining_s - pause_s < WORTH_AN_ATTEMPT_S
                if not failure.again or too_late or attempt == ATTEMPTS:
                    raise
            time.sleep(pause_s)
            attempt += 1

    def _attempt(self, request: Request, deadline: Deadline) -> Answer:
        # A time-out must be more than nothing, also if the deadline passes right now.
        remaining_s = max(deadline.remaining_s, 0.001)
        key = request.idempotency_key
        try:
            with self._session.request(
                request.method,
                self._address + request.path,
                params=request.query,
                json=request.body,
                headers={"Idempotency-Key": key} if key else None,
                timeout=(min(CONNECT_TIMEOUT_S, remaining_s), remaining_s),
                allow_redirects=False,
                stream=True,
            ) as response:
                return _read(response)
        except (requests.RequestException, HTTPError, OSError) as error:
            # `from None`: the words of these errors hold the address of the call.
            raise _NoAnswer(type(error).__name__, again=_is_lost(error)) from None


def _open_session(address: str, token: str) -> requests.Session:
    # In its warnings, urllib3 would write the addresses of calls into the log.
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    session = requests.Session()
    # A proxy of the environment must not see a token that is sent in the clear.
    session.trust_env = address.startswith("https://")
    session.auth = _BearerToken(token)
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    session.headers = requests.structures.CaseInsensitiveDict(
        {
            "Accept": ", ".join(_JSON),
            # Without compression, no small answer can unpack into a huge one.
            "Accept-Encoding": "identity",
            "User-Agent": "shop-support-bot (order store v1)",
        }
    )
    # With this adapter alone, the session can ask nobody but the shop.
    session.adapters.clear()
    session.mount(f"{address}/", DeadlineAdapter(pool_connections=1, pool_maxsize=CONNECTIONS))
    return session


def _is_lost(error: Exception) -> bool:
    """Tell a connection that was refused or lost from one that is slow or not to be trusted."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    if isinstance(error, requests.Timeout | SlowAnswer | requests.exceptions.SSLError):
        return False
    return isinstance(error, requests.ConnectionError | HTTPError)


def _read(response: requests.Response) -> Answer:
    status = response.status_code
    if status in _AWAY:
        raise _NoAnswer(f"status {status}", again=True)
    if status >= HTTPStatus.MULTIPLE_CHOICES and status < HTTPStatus.BAD_REQUEST:
        raise _NoAnswer(f"status {status}, which points elsewhere and is not followed")
    body = _read_body(response)
    document = {} if status == HTTPStatus.NO_CONTENT else _parse(response, body)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and document.get("type") != ORDER_UNREADABLE:
        raise _NoAnswer(f"status {status}")
    return Answer(status, document, response.headers.get("Retry-After"))


def _read_body(response: requests.Response) -> bytes:
    encoding = response.headers.get("Content-Encoding", "identity")
    if encoding.strip().lower() != "identity":
        raise _NoAnswer("a compressed answer, which was not asked for")
    # One byte more than allowed tells that there are more.
    body: bytes = response.raw.read(MAX_BODY_BYTES + 1)
    if len(body) > MAX_BODY_BYTES:
        raise _NoAnswer(f"an answer of more than {MAX_BODY_BYTES} bytes")
    return body


def _parse(response: requests.Response, body: bytes) -> JsonObject:
    status = response.status_code
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in _JSON:
        raise _NoAnswer(f"status {status} with an answer that is not JSON")
    try:
        document = from_json(body, allow_inf_nan=False)
    except ValueError:
        raise _NoAnswer(f"status {status} with broken JSON") from None
    if not isinstance(document, dict):
        raise _NoAnswer(f"status {status} with JSON that is no object")
    return document
