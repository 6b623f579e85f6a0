import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from bot.brain.app import BrainApp
from bot.brain.contract import (
    AnswersTurns,
    ConversationMoved,
    FinishedTurn,
    TurnLogUnavailable,
    TurnRequest,
    UnknownPayload,
)
from bot.brain.live_model import LiveModel, Load
from bot.errors import ConfigurationError, WorkFailed

TOKEN = "a token of the brain"
SHOPPER = {
    "session_id": "session",
    "customer_id": None,
    "customer_name": None,
    "address_key": "address",
    "time_zone": "UTC",
    "locale": "en",
}
TYPED = {"conversation_id": "c", "message_id": "m", "text": "hi", "shopper": SHOPPER}
CHOSEN = TYPED | {"text": None, "choice": {"title": "Yes", "payload": "/affirm"}}


class FakeRunner:
    """Answers every message alike, or raises what it is given."""

    model_id = "model"

    def __init__(self, failure: Exception | None = None) -> None:
        self.requests: list[TurnRequest] = []
        self._failure = failure

    async def run(self, request: TurnRequest) -> FinishedTurn:
        self.requests.append(request)
        if self._failure is not None:
            raise self._failure
        return FinishedTurn(request.message_id, [{"text": "hello"}], {"intent": "greet"}, "model")


class Answer:
    """Of the response only what the gateway looks at; which httpx it is depends on Starlette."""

    def __init__(self, response: Any) -> None:
        self.status_code: int = response.status_code
        self._response = response

    def json(self) -> Any:
        return self._response.json()


class Brain:
    """The app as the gateway sees it."""

    def __init__(self, client: TestClient, app: BrainApp) -> None:
        self._client = client
        self.app = app

    def health(self) -> Answer:
        return Answer(self._client.get("/health"))

    def turns(
        self, body: Any = None, *, content: bytes | None = None, token: str = f"Bearer {TOKEN}"
    ) -> Answer:
        headers = {b"authorization": token.encode()} if token else {}
        return Answer(self._client.post("/turns", json=body, content=content, headers=headers))


@contextmanager
def running(load: Load) -> Iterator[Brain]:
    stopped = threading.Event()
    app = BrainApp(follow(load), TOKEN, stop=stopped.set)
    with TestClient(app.build()) as client:
        brain = Brain(client, app)
        yield brain
        if app.failure is not None:
            assert stopped.wait(5)


@contextmanager
def ready(runner: AnswersTurns) -> Iterator[Brain]:
    with running(lambda _: runner) as brain:
        while brain.health().status_code != httpx.codes.OK:
            pass
        yield brain


def follow(load: Load, model: Path = Path("models/live/model.tar.gz")) -> LiveModel:
    return LiveModel(model, lambda: load, look_every_s=0.01)


def test_a_turn_is_answered() -> None:
    runner = FakeRunner()
    with ready(runner) as brain:
        answer = brain.turns(TYPED)
    assert answer.status_code == 200
    assert answer.json() == {
        "replies": [{"text": "hello"}],
        "understood": {"intent": "greet"},
        "model_id": "model",
    }
    assert runner.requests[0].shopper.session_id == "session"


def test_a_choice_is_a_turn() -> None:
    runner = FakeRunner()
    with ready(runner) as brain:
        assert brain.turns(CHOSEN).status_code == 200
    choice = runner.requests[0].choice
    assert choice is not None
    assert choice.payload == "/affirm"


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer x", TOKEN, f"bearer {TOKEN}", "Bearer é"])
def test_without_the_token_nothing_is_done(token: str) -> None:
    runner = FakeRunner()
    with ready(runner) as brain:
        answer = brain.turns(TYPED, token=token)
    assert answer.status_code == 401
    assert runner.requests == []


@pytest.mark.parametrize(
    "change",
    [
        {"text": None},
        {"text": ""},
        {"text": "x" * 2001},
        {"text": 7},
        {"choice": {"title": "Yes", "payload": "/affirm"}},
        {"message_id": ""},
        {"conversation_id": "c" * 129},
        {"shopper": {}},
        {"shopper": None},
        {"customer_id": "C100"},
    ],
    ids=str,
)
def test_a_request_that_is_wrong_is_refused(change: dict[str, Any]) -> None:
    runner = FakeRunner()
    with ready(runner) as brain:
        assert brain.turns(TYPED | change).status_code == 422
    assert runner.requests == []


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"text": "\\ud800"}', b"null"])
def test_what_is_no_request_is_refused(content: bytes) -> None:
    with ready(FakeRunner()) as brain:
        assert brain.turns(content=content).status_code == 422


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (UnknownPayload("no intent 'x'"), 422),
        (ConversationMoved("c"), 409),
        (TurnLogUnavailable(), 503),
    ],
)
def test_a_turn_that_was_not_run_says_whether_to_try_again(failure: Exception, status: int) -> None:
    with ready(FakeRunner(failure)) as brain:
        answer = brain.turns(TYPED)
    assert answer.status_code == status
    assert answer.json()["detail"]


def test_health_names_the_model() -> None:
    with ready(FakeRunner()) as brain:
        assert brain.health().json() == {"ready": True, "model_id": "model"}


def test_while_the_model_loads_it_is_not_ready() -> None:
    may_end = threading.Event()

    def load(_: Path) -> AnswersTurns:
        may_end.wait(10)
        return FakeRunner()

    with running(load) as brain:
        health, turn = brain.health(), brain.turns(TYPED)
        may_end.set()
    assert (health.status_code, turn.status_code) == (503, 503)
    assert "loading" in health.json()["detail"]
    assert health.json()["ready"] is False


@pytest.mark.parametrize(
    ("failure", "kept"),
    [
        (ConfigurationError("model.tar.gz: no model here"), ConfigurationError),
        (MemoryError("of a library"), WorkFailed),
    ],
)
def test_a_model_that_cannot_be_loaded_ends_the_brain(
    failure: Exception, kept: type[Exception]
) -> None:
    stopped = threading.Event()

    def load(_: Path) -> AnswersTurns:
        raise failure

    app = BrainApp(follow(load), TOKEN, stop=stopped.set)
    with TestClient(app.build()) as client:
        assert stopped.wait(5)
        health = client.get("/health")
    assert health.status_code == 503
    assert type(app.failure) is kept


def test_a_live_model_that_cannot_be_served_is_told_beside_the_one_that_answers(
    tmp_path: Path,
) -> None:
    model = tmp_path / "model.tar.gz"
    model.write_text("good")

    def load(path: Path) -> AnswersTurns:
        if path.read_text() == "good":
            return FakeRunner()
        raise ConfigurationError("model.tar.gz: misses its canary")

    stopped = threading.Event()
    app = BrainApp(follow(load, model), TOKEN, stop=stopped.set)
    with TestClient(app.build()) as client:
        brain = Brain(client, app)
        while brain.health().status_code != httpx.codes.OK:
            pass
        model.write_text("broken")
        while "warning" not in (health := brain.health().json()):
            pass
        assert brain.turns(TYPED).status_code == 200
    assert (health["ready"], health["model_id"]) == (True, "model")
    assert "misses its canary" in health["warning"]
    assert not stopped.is_set()
