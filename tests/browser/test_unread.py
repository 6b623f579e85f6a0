"""What came while nobody looked; and the days of a longer conversation."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenPage
from tests.browser.fake_gateway import FakeGateway
from tests.browser.scripted_replies import Reply

pytestmark = pytest.mark.browser

_MARK = "node => getComputedStyle(node, '::before').content"


@pytest.fixture
def chat(page: Page) -> ChatPage:
    return ChatPage(page).open().ask("hello", "You said: hello")


def _mark_of(chat: ChatPage, text: str) -> str:
    found = chat.log.locator(".message").filter(has_text=text).first.evaluate(_MARK)
    return str(found).strip('"')


def test_what_came_while_the_chat_was_closed_is_counted_and_marked(
    chat: ChatPage, gateway: FakeGateway
) -> None:
    chat.button("Close chat").click()
    gateway.conversation.say("agent", Reply("First news"))
    gateway.conversation.say("agent", Reply("Second news"))
    expect(chat.launcher).to_have_accessible_name("Help, 2 new")
    chat.open()
    assert _mark_of(chat, "First news") == "New messages"
    assert _mark_of(chat, "Second news") == "none"
    expect(chat.launcher).to_have_accessible_name("Help")


def test_the_mark_goes_when_the_chat_is_closed(chat: ChatPage, gateway: FakeGateway) -> None:
    chat.button("Close chat").click()
    gateway.conversation.say("agent", Reply("News"))
    expect(chat.launcher).to_have_accessible_name("Help, 1 new")
    chat.open().button("Close chat").click()
    chat.open()
    assert _mark_of(chat, "News") == "none"


def test_the_mark_stays_out_of_the_next_conversation(chat: ChatPage, gateway: FakeGateway) -> None:
    chat.button("Close chat").click()
    gateway.conversation.say("agent", Reply("News"))
    expect(chat.launcher).to_have_accessible_name("Help, 1 new")
    chat.open().choose("Start over", "Start over")
    chat.ask("one", "You said: one").ask("two", "You said: two")
    assert _mark_of(chat, "two") == "none"


def test_the_page_hears_how_many_are_unread(chat: ChatPage, gateway: FakeGateway) -> None:
    page = chat.page
    page.evaluate(
        "window.heard = [];"
        "addEventListener('shop-chat-unread', ({ detail }) => heard.push(detail.count))"
    )
    chat.button("Close chat").click()
    gateway.conversation.say("agent", Reply("News"))
    expect(chat.launcher).to_have_accessible_name("Help, 1 new")
    assert page.evaluate("document.querySelector('shop-chat').unread") == 1
    chat.open()
    assert page.evaluate("window.heard") == [1, 0]


def test_what_is_unread_stays_unread_after_a_reload(chat: ChatPage, gateway: FakeGateway) -> None:
    chat.button("Close chat").click()
    gateway.conversation.say("agent", Reply("News"))
    expect(chat.launcher).to_have_accessible_name("Help, 1 new")
    chat.page.reload()
    expect(chat.launcher).to_have_accessible_name("Help, 1 new")
    chat.open()
    assert _mark_of(chat, "News") == "New messages"


def test_what_was_read_stays_read_after_a_reload(chat: ChatPage, gateway: FakeGateway) -> None:
    with chat.page.expect_response("**/read"):
        gateway.conversation.say("agent", Reply("News"))
    expect(chat.log).to_contain_text("News")
    chat.button("Close chat").click()
    with chat.page.expect_response("**/events**"):
        chat.page.reload()
    gateway.conversation.say("agent", Reply("More news"))
    expect(chat.launcher).to_have_accessible_name("Help, 1 new")


def test_what_is_read_in_one_tab_is_read_in_the_other(chat: ChatPage, gateway: FakeGateway) -> None:
    other = chat.page.context.new_page()
    other.goto(gateway.url + "/page")
    launcher = ChatPage(other).launcher
    expect(launcher).to_have_accessible_name("Help")
    chat.button("Close chat").click()
    gateway.conversation.say("agent", Reply("News"))
    for one in (launcher, chat.launcher):
        expect(one).to_have_accessible_name("Help, 1 new")
    chat.open()
    expect(launcher).to_have_accessible_name("Help")


def test_a_conversation_of_today_names_no_day(chat: ChatPage) -> None:
    assert _mark_of(chat, "hello") == "none"


def test_the_days_of_a_conversation_are_named(open_page: OpenPage, gateway: FakeGateway) -> None:
    chat = ChatPage(open_page(locale="en-GB", timezone_id="UTC")).open()
    chat.ask("hello", "You said: hello")
    now = datetime.now(UTC)
    for message, days in zip(gateway.conversation.messages, (40, 1), strict=True):
        message["at"] = (now - timedelta(days=days)).isoformat()
    gateway.conversation.say("bot", Reply("Back again"))
    chat.page.reload()
    expect(chat.log).to_contain_text("Back again")
    long_ago = now - timedelta(days=40)
    assert _mark_of(chat, "hello") == f"{long_ago.day} {long_ago:%B %Y}"
    assert _mark_of(chat, "You said") == "yesterday"
    assert _mark_of(chat, "Back again") == "today"
