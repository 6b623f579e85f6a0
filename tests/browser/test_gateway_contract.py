"""The fake gateway and the real one pass the same tests, so that browser tests prove something."""

import asyncio
import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from actions.orders.demo_shop import DEMO_SHOP_PATH
from actions.orders.shop_file import read_shop
from actions.presentation import Presentation
from actions.turn import Session
from bot.db.engine import open_engine
from bot.db.upgrade import upgrade
from bot.gateway.app import create_app
from bot.gateway.brain_client import Answer as BrainAnswer
from bot.gateway.clock import utc_now
from bot.gateway.model import Turn
from tests.browser.fake_gateway import FakeGateway
from tests.browser.fake_help import HELP, LARGE_HELP, NO_HELP
from tests.browser.gateway_contract import Answer, Contract
from tests.browser.scripted_replies import ORDER_CARD, ORDER_LIST, SELLER
from tests.gateway.fake_brain import FakeBrain, echo, say
from tests.gateway.running import make_settings, serve

Event = tuple[str, str, Any]


def _behave(turn: Turn) -> BrainAnswer:
    if "cancel" in (turn.text or ""):
        return say("Shall I cancel it?", ("Yes, cancel", "/yes"), ("No, keep it", "/no"))
    return echo(turn)


async def _serve_real(
    state_dir: Path, addresses: list[str], ready: threading.Event, done: threading.Event
) -> None:
    settings = make_settings(state_dir)
    engine = open_engine(settings.database_url)
    upgrade(engine)
    app = create_app(settings, engine=engine, brain=FakeBrain(_behave))
    async with serve(app) as address:
        addresses.append(address)
        ready.set()
        await asyncio.to_thread(done.wait)
    engine.dispose()


@pytest.fixture(scope="module")
def real_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real gateway with a scripted brain, in a thread: Playwright has this one's event loop."""
    addresses: list[str] = []
    ready, done = threading.Event(), threading.Event()
    arguments = (tmp_path_factory.mktemp("gateway"), addresses, ready, done)
    thread = threading.Thread(target=lambda: asyncio.run(_serve_real(*arguments)))
    thread.start()
    assert ready.wait(30)
    yield addresses[0]
    done.set()
    thread.join()


class Shopper:
    """Talks to a gateway, and finds fault with every answer that is not as described."""

    def __init__(self, client: httpx.Client, contract: Contract) -> None:
        self._client = client
        self._contract = contract
        self._numbers = itertools.count()
        self.headers: dict[str, str] = {}
        opened = self.call("POST", "/api/v1/sessions", {"locale": "en-GB", "time_zone": "UTC"})
        self.adopt(opened)

    def adopt(self, opened: httpx.Response) -> None:
        assert opened.status_code == 201
        self.headers = {"Authorization": f"Bearer {opened.json()['token']}"}

    def call(
        self, method: str, address: str, body: object = None, **headers: str
    ) -> httpx.Response:
        path = address.partition("?")[0]
        response = self._client.request(
            method, address, json=body, headers={**self.headers, **headers}
        )
        media_type = response.headers.get("content-type", "").partition(";")[0]
        answer = Answer(response.status_code, media_type, response.content)
        assert self._contract.answer_faults(method, path, answer) == []
        return response

    def post(self, path: str, body: object = None, **headers: str) -> httpx.Response:
        return self.call("POST", f"/api/v1/conversation/{path}", body, **headers)

    def get(self, path: str = "", **headers: str) -> httpx.Response:
        return self.call("GET", f"/api/v1/conversation{path}", **headers)

    def send(self, client_id: str = "", **content: str) -> httpx.Response:
        body = {"client_id": client_id or f"m{next(self._numbers)}", **content}
        return self.post("messages", body)

    def history(self) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = self.get("/messages").json()["messages"]
        return messages

    def ask(self, text: str) -> dict[str, Any]:
        """Send words, and return the answer."""
        seq = self.send(text=text).json()["message"]["seq"]
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if answers := [m for m in self.history() if m["seq"] > seq and m["sender"] == "bot"]:
                return answers[0]
        raise TimeoutError(text)

    @contextmanager
    def listen(self, query: str = "", **headers: str) -> Iterator[Iterator[Event]]:
        """Give the events of a stream, each as its name, id and data."""
        address = f"/api/v1/conversation/events{query}"
        with self._client.stream("GET", address, headers={**self.headers, **headers}) as response:
            assert response.status_code == 200
            assert response.headers["content-type"].startswith("text/event-stream")
            yield self._read_events(response)

    def _read_events(self, response: httpx.Response) -> Iterator[Event]:
        fields: dict[str, str] = {}
        for line in response.iter_lines():
            name, _, value = line.partition(": ")
            if line:
                fields[name] = value
            elif "event" in fields:
                data = json.loads(fields["data"])
                if fields["event"] in ("message", "read"):
                    schema = {"message": "Message", "read": "ReadMarks"}[fields["event"]]
                    assert self._contract.value_faults(schema, data) == []
                yield fields["event"], fields.get("id", ""), data
                fields = {}


@pytest.fixture(params=["real", "fake"])
def url(request: pytest.FixtureRequest) -> str:
    if request.param == "fake":
        gateway: FakeGateway = request.getfixturevalue("gateway")
        return gateway.url
    url: str = request.getfixturevalue("real_url")
    return url


@pytest.fixture
def open_shopper(url: str, contract: Contract) -> Iterator[Callable[[], Shopper]]:
    with httpx.Client(base_url=url, timeout=30) as client:
        yield lambda: Shopper(client, contract)


@pytest.fixture
def shopper(open_shopper: Callable[[], Shopper]) -> Shopper:
    return open_shopper()


def _refusal(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/problem+json"
    return response.status_code, response.json()["type"]


def test_a_message_that_is_sent_again_is_stored_once(shopper: Shopper) -> None:
    first = shopper.send("one", text="hello")
    again = shopper.send("one", text="hello")
    assert first.status_code == 202
    assert first.json() == again.json()


def test_a_choice_is_good_once_and_only_where_it_was_offered(shopper: Shopper) -> None:
    yes, _ = shopper.ask("cancel 8100240002")["choices"]
    assert shopper.send(choice=yes["id"]).json()["message"]["text"] == yes["title"]
    assert _refusal(shopper.send(choice=yes["id"])) == (409, "urn:problem:choice-used")
    assert _refusal(shopper.send(choice="none")) == (404, "urn:problem:choice-unknown")


def test_the_history_is_read_in_parts(shopper: Shopper) -> None:
    shopper.ask("one")
    first = shopper.get("/messages?after=0&limit=1").json()
    rest = shopper.get("/messages?after=1").json()
    assert ([m["seq"] for m in first["messages"]], first["has_more"]) == ([1], True)
    assert ([m["seq"] for m in rest["messages"]], rest["has_more"]) == ([2], False)
    assert rest["last_seq"] == 2


def test_the_conversation_says_how_it_stands(shopper: Shopper) -> None:
    shopper.ask("one")
    assert shopper.post("read", {"seq": 2}).status_code == 204
    assert shopper.post("read", {"seq": 1}).status_code == 204
    assert shopper.post("rating", {"stars": 4}).status_code == 204
    stands = shopper.get().json()
    assert stands["read"] == {"shopper": 2, "shop": 0}
    assert stands["rating"] == {"stars": 4, "comment": None}
    assert (stands["state"], stands["last_seq"]) == ("bot", 2)


def test_the_transcript_is_a_file_of_text_or_json(shopper: Shopper) -> None:
    shopper.ask("one")
    text, as_json = (
        shopper.get("/transcript"),
        shopper.get("/transcript", Accept="application/json"),
    )
    for response, kind in ((text, "txt"), (as_json, "json")):
        name = f'attachment; filename="conversation-{utc_now().date()}.{kind}"'
        assert response.headers["content-disposition"] == name
    said = as_json.json()["messages"][0]
    at = said["at"].replace("T", " ")[:19]
    assert text.text.splitlines()[0] == f"[{at}+00:00] shopper: one"


def test_an_answer_is_voted_on_and_the_history_shows_it(shopper: Shopper) -> None:
    answer = shopper.ask("one")
    assert answer["helpful"] is None
    for helpful in (True, False):
        vote = {"message_id": answer["id"], "helpful": helpful}
        assert shopper.post("feedback", vote).status_code == 204
        assert [message["helpful"] for message in shopper.history()] == [None, helpful]


def test_only_answers_of_this_conversation_are_voted_on(
    open_shopper: Callable[[], Shopper],
) -> None:
    shopper, other = open_shopper(), open_shopper()
    mine = shopper.send(text="one").json()["message"]["id"]
    for message_id in (mine, other.ask("one")["id"]):
        vote = {"message_id": message_id, "helpful": True}
        assert _refusal(shopper.post("feedback", vote)) == (404, "urn:problem:message-unknown")


def test_a_conversation_is_rated_once_somebody_answered(shopper: Shopper) -> None:
    early = shopper.post("rating", {"stars": 5})
    assert _refusal(early) == (409, "urn:problem:nothing-to-rate")
    shopper.ask("one")
    assert shopper.post("rating", {"stars": 5, "comment": "Quick."}).status_code == 204
    assert shopper.get().json()["rating"] == {"stars": 5, "comment": "Quick."}


def test_a_closed_conversation_takes_no_message_and_can_be_read(shopper: Shopper) -> None:
    shopper.ask("one")
    assert shopper.post("close").json()["state"] == "closed"
    closed = (409, "urn:problem:conversation-closed")
    assert _refusal(shopper.send(text="two")) == closed
    assert _refusal(shopper.post("typing", {"typing": True})) == closed
    assert shopper.post("rating", {"stars": 1}).status_code == 204
    assert len(shopper.history()) == 2


def test_starting_over_closes_the_conversation_and_opens_another(shopper: Shopper) -> None:
    shopper.ask("one")
    before = dict(shopper.headers)
    shopper.adopt(shopper.post("restart"))
    assert shopper.history() == []
    assert shopper.get(**before).json()["state"] == "closed"


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("GET", "/messages"), ("POST", "/messages"), ("GET", "/events")],
)
def test_nothing_is_told_without_a_token(shopper: Shopper, method: str, path: str) -> None:
    shopper.headers = {"Authorization": "Bearer unknown"}
    body = {"client_id": "m1", "text": "one"} if method == "POST" else None
    response = shopper.call(method, f"/api/v1/conversation{path}", body)
    assert _refusal(response) == (401, "urn:problem:not-signed-in")


def test_the_help_center_is_read_and_kept(shopper: Shopper) -> None:
    read = shopper.call("GET", "/api/v1/help")
    again = shopper.call("GET", "/api/v1/help", **{"If-None-Match": read.headers["etag"]})
    assert read.headers["cache-control"] == "public, max-age=300"
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("document", [HELP, LARGE_HELP, NO_HELP], ids=["few", "500", "none"])
def test_every_help_center_of_the_tests_is_as_described(
    contract: Contract, document: dict[str, Any]
) -> None:
    assert contract.value_faults("HelpStart", document) == []
    assert len(document["most_asked"]) <= 5
    assert sum(len(category["articles"]) for category in document["categories"]) <= 500


def test_a_stream_tells_messages_then_state_and_marks(shopper: Shopper) -> None:
    shopper.ask("one")
    with shopper.listen() as events:
        heard = [next(events) for _ in range(4)]
    assert [(name, event_id) for name, event_id, _ in heard] == [
        ("message", "1-0"),
        ("message", "2-0"),
        ("state", ""),
        ("read", "2-0"),
    ]
    assert [data for _, _, data in heard[2:]] == [{"state": "bot"}, {"shopper": 0, "shop": 0}]


def test_a_stream_goes_on_after_the_position_that_was_told_last(shopper: Shopper) -> None:
    shopper.ask("one")
    shopper.post("read", {"seq": 1})
    with shopper.listen(**{"Last-Event-ID": "1-0"}) as events:
        heard = [next(events) for _ in range(3)]
    assert [(name, event_id) for name, event_id, _ in heard] == [
        ("message", "2-0"),
        ("state", ""),
        ("read", "2-1"),
    ]
    assert heard[2][2] == {"shopper": 1, "shop": 0}


def test_a_stream_begins_after_a_known_message(shopper: Shopper) -> None:
    shopper.ask("one")
    with shopper.listen("?after=2") as events:
        assert [next(events)[:2] for _ in range(2)] == [("state", ""), ("read", "2-0")]


def test_a_stream_tells_who_types(shopper: Shopper) -> None:
    with shopper.listen() as events:
        next(events), next(events)
        shopper.post("typing", {"typing": True})
        assert next(events) == ("typing", "", {"sender": "shopper", "typing": True})
        shopper.send(text="one")
        heard = [next(events) for _ in range(4)]
    bot = [data for name, _, data in heard if name == "typing"]
    assert bot == [{"sender": "bot", "typing": typing} for typing in (True, False)]


def test_a_closed_conversation_ends_its_stream(shopper: Shopper) -> None:
    with shopper.listen() as events:
        next(events), next(events)
        shopper.post("close")
        told = list(events)
    assert told == [
        ("state", "", {"state": "closed"}),
        ("read", "0-1", {"shopper": 0, "shop": 0}),
    ]
    assert shopper.get("/events", **{"Last-Event-ID": "0-1"}).status_code == 204


def _shape(value: Any) -> Any:
    """What is in it, but for how much of it and which values."""
    if isinstance(value, dict):
        return {name: _shape(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_shape(value[0])] if value else []
    return None if isinstance(value, str) else type(value)


def test_cards_are_as_the_actions_make_them() -> None:
    orders = read_shop(DEMO_SHOP_PATH, now=utc_now()).orders
    order = next(order for order in orders if order.number == ORDER_CARD["number"])
    shown = Presentation.for_session(Session("s", "m", order.customer_id, "", "UTC", "en"))
    assert _shape(ORDER_CARD) == _shape(shown.order_card(order))
    assert _shape(ORDER_LIST.cards[0]) == _shape(shown.order_list_card([order]))
    assert _shape(SELLER.cards[0]) == _shape(shown.seller_card(order))
