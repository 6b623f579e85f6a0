"""Whatever a gateway, a proxy or a browser's storage gives, the chat goes on and throws nothing."""

import json
import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenPage
from tests.browser.fake_gateway import FakeGateway, Fault, Server
from tests.browser.scripted_replies import Reply

pytestmark = pytest.mark.browser

MESSAGES = "/conversation/messages"
JSON = "application/json"
STREAM = "text/event-stream"
ODD = {
    "a page of HTML": {"content_type": "text/html", "body": "<h1>Hotel</h1>"},
    "broken JSON": {"content_type": JSON, "body": '{"message": {"seq"'},
    "nothing": {"content_type": JSON, "body": ""},
    "another object": {"content_type": JSON, "body": "{}"},
}


@pytest.fixture
def chat(page: Page) -> ChatPage:
    return ChatPage(page).open()


def _answer_once(page: Page, path: str, answer: dict[str, Any]) -> None:
    page.route(f"**/api/v1/{path}", lambda route: route.fulfill(status=200, **answer), times=1)


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("path", ["sessions", "conversation/messages", "conversation/events?*"])
def test_an_odd_answer_is_a_failure_like_others(page: Page, path: str, odd: str) -> None:
    _answer_once(page, path, ODD[odd])
    chat = ChatPage(page).open().ask("hello", "You said: hello")
    assert chat.texts() == ["hello", "You said: hello"]


@pytest.mark.parametrize("odd", ODD)
def test_a_conversation_that_cannot_be_read_at_first_is_read_later(
    chat: ChatPage, odd: str
) -> None:
    chat.ask("hello", "You said: hello")
    _answer_once(chat.page, "conversation", ODD[odd])
    chat.page.reload()
    expect(chat.log).to_contain_text("You said: hello")
    assert chat.texts() == ["hello", "You said: hello"]


@pytest.mark.parametrize("status", [400, 403, 404, 413, 422])
def test_a_message_that_is_refused_for_good_is_told_and_given_back(
    chat: ChatPage, gateway: FakeGateway, status: int
) -> None:
    gateway.faults.append(Fault(MESSAGES, status=status))
    chat.ask("odd text", "Not sent")
    expect(chat.composer).to_have_value("odd text")
    chat.ask("and now", "You said: and now")
    assert len([r for r in gateway.requests_to(MESSAGES) if r.method == "POST"]) == 2


@pytest.mark.parametrize(
    ("path", "status"),
    [
        *product(["/sessions", MESSAGES, "/events"], [408, 429, 500, 503]),
        # No guest is refused a session.
        *product([MESSAGES, "/events"], [401]),
    ],
)
def test_a_failure_that_passes_is_waited_for(
    chat: ChatPage, gateway: FakeGateway, path: str, status: int
) -> None:
    gateway.faults.append(Fault(path, status=status))
    chat.ask("hello", "You said: hello")
    assert chat.texts() == ["hello", "You said: hello"]


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        (
            lambda: format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True),
            r"[34]\d",
        ),
        (lambda: "99999999999999", "300"),
        (lambda: "Fri, 31 Dec 2999 23:59:59 GMT", "300"),
    ],
)
def test_a_wish_to_wait_is_a_number_or_a_date_and_has_an_end(
    chat: ChatPage, gateway: FakeGateway, wish: Any, told: str
) -> None:
    gateway.faults.append(Fault(MESSAGES, status=429, headers={"Retry-After": wish()}))
    chat.say("hello")
    notice = re.compile(f"Going on in {told} seconds")
    expect(chat.log.get_by_text(notice)).to_be_visible()


@pytest.mark.parametrize("wish", ["", "soon", "-5", "0", "NaN", "Thu, 01 Jan 1970 00:00:00 GMT"])
def test_a_wish_to_wait_that_says_nothing_is_none(
    chat: ChatPage, gateway: FakeGateway, wish: str
) -> None:
    gateway.faults.append(Fault(MESSAGES, status=503, headers={"Retry-After": wish}))
    chat.ask("hello", "You said: hello")


def _play(page: Page, *streams: str) -> None:
    """Let each connection to the events get the next of these, and the gateway's own after them."""
    left = list(streams)

    def play(route: Route) -> None:
        if left:
            route.fulfill(status=200, content_type=STREAM, body=left.pop(0))
        else:
            route.fallback()

    page.route("**/conversation/events?*", play)


def _message(seq: int, text: str) -> str:
    content = {"seq": seq, "id": f"x{seq}", "sender": "agent", "at": "2026-11-28T12:00:00Z"}
    data = json.dumps({**content, "text": text}, ensure_ascii=False)
    return f"id: {seq}-0\nevent: message\ndata: {data}\n\n"


def test_half_an_event_is_none(chat: ChatPage, gateway: FakeGateway) -> None:
    chat.ask("hello", "You said: hello")
    _play(chat.page, _message(3, "Three") + _message(4, "Four")[:-20])
    for text in ("Three", "Four"):
        gateway.conversation.say("agent", Reply(text))
    gateway.cut_streams()
    expect(chat.log).to_contain_text("Four")
    assert chat.texts()[2:] == ["Three", "Four"]


def test_what_a_newer_gateway_tells_is_passed_over(chat: ChatPage, gateway: FakeGateway) -> None:
    chat.ask("hello", "You said: hello")
    odd = (
        "event: weather\ndata: {}\n\n"
        "event: weather\n\n"
        ": a comment\n\n"
        "data: 1\n\n"
        "retry: 5\n\n"
        "\n\n"
        "id: 2-0\r\nevent: weather\r\ndata: sunny\r\n\r\n"
    )
    _play(chat.page, odd.replace("sunny", "{}") + _message(3, "Three"))
    gateway.conversation.say("agent", Reply("Three"))
    gateway.cut_streams()
    expect(chat.log).to_contain_text("Three")
    chat.ask("again", "You said: again")
    assert len(chat.texts()) == 5


def test_an_event_that_cannot_be_read_is_read_from_the_next_connection(
    chat: ChatPage, gateway: FakeGateway
) -> None:
    chat.ask("hello", "You said: hello")
    _play(chat.page, "id: 3-0\nevent: message\ndata: {broken\n\n")
    gateway.conversation.say("agent", Reply("Three"))
    gateway.cut_streams()
    expect(chat.log).to_contain_text("Three")


def test_a_message_that_the_stream_leaves_out_is_asked_for(
    chat: ChatPage, gateway: FakeGateway
) -> None:
    chat.ask("hello", "You said: hello")
    _play(chat.page, _message(4, "Four"))
    for text in ("Three", "Four"):
        gateway.conversation.say("agent", Reply(text))
    gateway.cut_streams()
    expect(chat.log).to_contain_text("Three")
    assert chat.texts()[2:] == ["Three", "Four"]


def test_odd_line_ends_within_a_message_are_text(chat: ChatPage, gateway: FakeGateway) -> None:
    chat.ask("hello", "You said: hello")
    _play(chat.page, _message(3, "one\u2028two\u2029three"))
    gateway.conversation.say("agent", Reply("one\u2028two\u2029three"))
    gateway.cut_streams()
    expect(chat.log).to_contain_text("three")
    assert len(chat.texts()) == 3


def test_a_gateway_that_is_started_again_is_found_again(
    open_page: OpenPage, gateway: FakeGateway
) -> None:
    own = FakeGateway()
    page = open_page()
    with Server(own):
        page.goto(own.url + "/page")
        chat = ChatPage(page).open().ask("hello", "You said: hello")
    chat.say("are you there")
    expect(chat.log).to_contain_text("Connection lost. Trying again.")
    own.conversation.say("agent", Reply("Said in between"))
    with Server(own):
        expect(chat.log).to_contain_text("You said: are you there", timeout=30_000)
        expect(chat.log).not_to_contain_text("Connection lost")
        expected = ["hello", "You said: hello", "Said in between", "are you there"]
        assert chat.texts() == [*expected, "You said: are you there"]
        page.close()


def test_a_page_that_slept_catches_up(chat: ChatPage, gateway: FakeGateway) -> None:
    chat.ask("hello", "You said: hello")
    devtools = chat.page.context.new_cdp_session(chat.page)
    devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
    gateway.cut_streams()
    gateway.conversation.say("agent", Reply("While you slept"))
    devtools.send("Page.setWebLifecycleState", {"state": "active"})
    expect(chat.log).to_contain_text("While you slept")
    chat.ask("good morning", "You said: good morning")
    assert len(chat.texts()) == 5


def test_a_message_into_a_chat_that_was_closed_meanwhile_begins_another(
    chat: ChatPage, gateway: FakeGateway
) -> None:
    chat.ask("hello", "You said: hello")
    chat.page.route("**/conversation/events?*", lambda route: route.abort())
    gateway.cut_streams()
    gateway.conversation.state = "closed"
    chat.say("still there")
    expect(chat.log).to_contain_text("New conversation")
    chat.page.unroute("**/conversation/events?*")
    expect(chat.log).to_contain_text("You said: still there")
    assert len(gateway.requests_to("/restart")) == 1
    assert chat.texts() == ["hello", "You said: hello", "still there", "You said: still there"]


def test_a_message_sent_while_the_page_is_left_arrives(
    chat: ChatPage, gateway: FakeGateway
) -> None:
    chat.ask("hello", "You said: hello")
    chat.say("bye")
    chat.page.goto(gateway.url + "/page?next")
    expect(chat.log).to_contain_text("You said: bye")
    assert chat.texts() == ["hello", "You said: hello", "bye", "You said: bye"]


_GARBAGE = ["null", "1", '"text"', "[]", "{}", "not JSON", '{"owner": ""}', '{"items": 5}']
_GARBAGE += ['{"items": [null, 1, "x", {}], "draft": {"a": 1}}', '{"owner": "", "token": 7}']
_GARBAGE += ['{"owner": "", "token": "a\\nb", "expires_at": "2999-01-01", "talked": true}']


@pytest.mark.parametrize("garbage", _GARBAGE)
def test_garbage_in_the_storage_does_no_harm(
    open_page: OpenPage, gateway: FakeGateway, garbage: str
) -> None:
    page = open_page()
    page.evaluate(
        """([base, garbage]) => {
          for (const area of [localStorage, sessionStorage])
            for (const key of ["", " unsent", " unsent "])
              area.setItem(`shop-chat ${base}/${key}`, garbage);
          sessionStorage.setItem("shop-chat open", garbage);
        }""",
        [gateway.url, garbage],
    )
    page.reload()
    chat = ChatPage(page)
    if not chat.dialog.is_visible():
        chat.open()
    chat.ask("hello", "You said: hello")
    page.reload()
    expect(chat.log).to_contain_text("You said: hello")


def test_it_works_where_the_storage_is_full(open_page: OpenPage) -> None:
    page = open_page()
    page.add_init_script(
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }"
    )
    page.reload()
    chat = ChatPage(page).open().ask("hello", "You said: hello")
    chat.ask("again", "You said: again")
    assert len(chat.texts()) == 4


def test_it_works_where_all_that_a_browser_keeps_is_blocked(open_page: OpenPage) -> None:
    page = open_page()
    page.add_init_script(
        """
        const deny = { get() { throw new DOMException("no", "SecurityError") } };
        for (const area of ["localStorage", "sessionStorage"])
          Object.defineProperty(window, area, deny);
        window.BroadcastChannel = class { constructor() { throw new DOMException("no") } };
        """
    )
    page.reload()
    chat = ChatPage(page).open().ask("hello", "You said: hello")
    chat.choose("Start over", "Start over")
    chat.ask("again", "You said: again")
    page.evaluate("document.querySelector('shop-chat').logOut()")
    expect(chat.log).not_to_contain_text("again")
