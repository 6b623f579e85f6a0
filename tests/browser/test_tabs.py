"""Several tabs of one shopper are one conversation, and none outlives its shopper."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import ARGUMENTS
from tests.browser.fake_gateway import FakeGateway, Fault
from tests.browser.scripted_replies import Reply

pytestmark = pytest.mark.browser

ANA = "e30.eyJzdWIiOiJDMTAwIn0.x"
BEN = "e30.eyJzdWIiOiJDMTAxIn0.x"


def _identify(page: Page, identity: str) -> None:
    page.evaluate(f"document.querySelector('shop-chat').identify('{identity}')")


def _log_out(page: Page) -> None:
    page.evaluate("document.querySelector('shop-chat').logOut()")


def _another_tab(page: Page) -> Page:
    tab = page.context.new_page()
    tab.goto(page.url)
    return tab


def _talked(gateway: FakeGateway) -> list[list[str]]:
    """What was said in each conversation in which something was."""
    conversations = {c.id: c for c in gateway.sessions.values() if c.messages}
    return [[message["text"] for message in c.messages] for c in conversations.values()]


def test_a_second_tab_of_a_guest_shows_the_same(page: Page, gateway: FakeGateway) -> None:
    first = ChatPage(page).open().ask("hello", "You said: hello")
    second = ChatPage(_another_tab(page)).open()
    expect(second.log).to_contain_text("You said: hello")
    second.ask("from the second tab", "You said: from the second tab")
    expect(first.log).to_contain_text("You said: from the second tab")
    first.ask("from the first tab", "You said: from the first tab")
    expect(second.log).to_contain_text("You said: from the first tab")
    assert first.texts() == second.texts() == _talked(gateway)[0]
    assert len(gateway.sessions) == 1


def test_a_tab_of_a_guest_counts_what_another_has_not_read(
    page: Page, gateway: FakeGateway
) -> None:
    first = ChatPage(page).open().ask("hello", "You said: hello")
    with page.expect_response("**/read"):
        first.button("Close chat").click()
        gateway.conversation.say("agent", Reply("News"))
        first.open()
    first.button("Close chat").click()
    gateway.conversation.say("agent", Reply("More news"))
    second = ChatPage(_another_tab(page))
    expect(second.launcher).to_have_accessible_name("Help, 1 new")


def test_tabs_that_open_at_once_have_one_conversation(page: Page, gateway: FakeGateway) -> None:
    other = _another_tab(page)
    for tab in (page, other):
        tab.evaluate("setTimeout(() => document.querySelector('shop-chat').open(), 300)")
    expect(ChatPage(page).dialog).to_be_visible()
    expect(ChatPage(other).dialog).to_be_visible()
    ChatPage(page).ask("hello", "You said: hello")
    expect(ChatPage(other).log).to_contain_text("You said: hello")
    ChatPage(other).ask("me too", "You said: me too")
    assert len(_talked(gateway)) == 1


def test_a_guest_is_forgotten_when_the_last_tab_is_closed(page: Page, gateway: FakeGateway) -> None:
    ChatPage(page).open().ask("my secret", "You said: my secret")
    second = _another_tab(page)
    expect(ChatPage(second).open().log).to_contain_text("my secret")
    page.close()
    third = _another_tab(second)
    expect(ChatPage(third).open().log).to_contain_text("my secret")
    context, url = third.context, third.url
    second.close()
    third.close()
    seen = len(gateway.received)
    new = context.new_page()
    new.goto(url)
    chat = ChatPage(new)
    new.wait_for_load_state("networkidle")
    assert gateway.received[seen:] == []
    chat.open().ask("hello", "You said: hello")
    assert chat.texts() == ["hello", "You said: hello"]


def test_starting_over_in_one_tab_moves_the_other(page: Page, gateway: FakeGateway) -> None:
    first = ChatPage(page).open().ask("hello", "You said: hello")
    second = ChatPage(_another_tab(page)).open()
    expect(second.log).to_contain_text("You said: hello")
    first.choose("Start over", "Start over")
    first.ask("once more", "You said: once more")
    expect(second.log).to_contain_text("You said: once more")
    second.ask("here as well", "You said: here as well")
    expect(first.log).to_contain_text("You said: here as well")
    assert len(_talked(gateway)) == 2


def test_a_token_that_ran_out_is_replaced_in_all_tabs(page: Page, gateway: FakeGateway) -> None:
    first = ChatPage(page).open().ask("hello", "You said: hello")
    second = ChatPage(_another_tab(page)).open()
    expect(second.log).to_contain_text("You said: hello")
    gateway.expire_tokens()
    first.ask("again", "You said: again")
    expect(second.log).to_contain_text("You said: again")
    second.ask("and again", "You said: and again")
    expect(first.log).to_contain_text("You said: and again")
    assert [texts[0] for texts in _talked(gateway)] == ["hello", "again"]


def test_signing_out_in_one_tab_clears_the_others(page: Page, gateway: FakeGateway) -> None:
    _identify(page, ANA)
    ChatPage(page).open().ask("my secret", "You said: my secret")
    other = _another_tab(page)
    _identify(other, ANA)
    chat = ChatPage(other).open()
    expect(chat.log).to_contain_text("my secret")
    chat.composer.fill("half a secret")
    _log_out(page)
    expect(chat.log).not_to_contain_text("my secret")
    expect(chat.composer).to_have_value("")
    chat.ask("hello", "You said: hello")
    assert gateway.conversation.name is None
    assert gateway.requests_to("/sessions")[-1].body.get("identity") is None


def test_a_page_that_knows_nobody_signs_a_customer_out_of_the_other_tabs(
    page: Page, gateway: FakeGateway
) -> None:
    """As after a redirect: the shop's server has signed the customer out already."""
    _identify(page, ANA)
    chat = ChatPage(page).open().ask("my secret", "You said: my secret")
    second = _another_tab(page)
    expect(ChatPage(second).launcher).to_be_visible()
    _log_out(second)
    expect(chat.log).not_to_contain_text("my secret")


def test_a_customer_stays_one_while_another_tab_cannot_begin_anew(
    page: Page, gateway: FakeGateway
) -> None:
    _identify(page, ANA)
    first = ChatPage(page).open().ask("hello", "You said: hello")
    second_page = _another_tab(page)
    _identify(second_page, ANA)
    second = ChatPage(second_page)
    expect(second.launcher).to_be_visible()
    second.open().composer.fill("half a question")
    gateway.faults.extend(
        Fault(path, status=503) for path in ("/sessions", "/restart") for _ in range(50)
    )
    first.choose("Start over", "Start over")
    second_page.evaluate("dispatchEvent(new Event('online'))")
    expect(second.composer).to_have_value("half a question")
    gateway.faults.clear()
    second.composer.press("Enter")
    expect(second.log).to_contain_text("You said: half a question")
    identities = {r.body.get("identity") for r in gateway.requests_to("/sessions")}
    assert identities == {ANA}


def test_another_customer_in_one_tab_clears_the_others(page: Page) -> None:
    _identify(page, ANA)
    ChatPage(page).open().ask("my secret", "You said: my secret")
    other = _another_tab(page)
    _identify(other, ANA)
    expect(ChatPage(other).open().log).to_contain_text("my secret")
    _identify(page, BEN)
    expect(ChatPage(page).log).not_to_contain_text("my secret")
    expect(ChatPage(other).log).not_to_contain_text("my secret")


def test_a_guest_who_signs_in_leaves_no_guest_in_the_other_tabs(
    page: Page, gateway: FakeGateway
) -> None:
    first = ChatPage(page).open().ask("hello", "You said: hello")
    other = ChatPage(_another_tab(page)).open()
    expect(other.log).to_contain_text("You said: hello")
    other.composer.fill("half a question")
    _identify(page, ANA)
    first.ask("my secret", "You said: my secret")
    expect(other.log).not_to_contain_text("hello")
    expect(other.composer).to_have_value("half a question")
    other.ask("who am I", "You said: who am I")
    assert gateway.conversation.name is None
    assert other.texts() == ["who am I", "You said: who am I"]


def test_what_another_tab_tells_is_no_more_than_data(page: Page, gateway: FakeGateway) -> None:
    chat = ChatPage(page).open().ask("hello", "You said: hello")
    other = _another_tab(page)
    other.evaluate(
        """(base) => {
          const channel = new BroadcastChannel(`shop-chat ${base}/`);
          const session = { owner: "", token: "token-0", expires_at: "2999-01-01", talked: true };
          for (const told of [
            null, 1, "x", [], {}, { owner: 5 }, { owner: "", session: 7 }, { hello: 1 },
            { owner: "", session: { owner: "", token: {}, expires_at: {} }, was: "token-1" },
            { owner: "", session: { ...session, expires_at: "yesterday" }, was: "token-1" },
            { owner: "C100", session: { ...session, owner: "C100" }, was: "token-1" },
            { owner: "", session },
          ]) channel.postMessage(told);
        }""",
        gateway.url,
    )
    chat.ask("still here", "You said: still here")
    assert len(gateway.sessions) == 1
    assert len(chat.texts()) == 4


@pytest.fixture
def keeping_browser(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that keeps pages which were left, as people's browsers do."""
    with_cache = browser.browser_type.launch(
        executable_path=shutil.which("chromium"),
        args=ARGUMENTS,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield with_cache.new_context(reduced_motion="reduce")
    with_cache.close()


def test_a_page_that_the_browser_kept_notices_the_sign_out(
    keeping_browser: BrowserContext, gateway: FakeGateway
) -> None:
    page = keeping_browser.new_page()
    page.goto(gateway.url + "/page")
    page.evaluate("addEventListener('pageshow', (event) => (window.kept = event.persisted))")
    _identify(page, ANA)
    ChatPage(page).open().ask("my secret", "You said: my secret")
    page.goto(gateway.url + "/page?next")
    _identify(page, ANA)
    expect(ChatPage(page).log).to_contain_text("my secret")
    _log_out(page)
    page.evaluate("history.back()")
    page.wait_for_function("window.kept")
    chat = ChatPage(page)
    expect(chat.log).not_to_contain_text("my secret")
    chat.ask("who am I", "You said: who am I")
    assert gateway.conversation.name is None


def test_a_page_that_the_browser_kept_shows_what_was_written_on_the_next(
    keeping_browser: BrowserContext, gateway: FakeGateway
) -> None:
    page = keeping_browser.new_page()
    page.goto(gateway.url + "/page")
    page.evaluate("addEventListener('pageshow', (event) => (window.kept = event.persisted))")
    chat = ChatPage(page).open().ask("hello", "You said: hello")
    page.goto(gateway.url + "/page?next")
    expect(chat.log).to_contain_text("You said: hello")
    gateway.faults.append(Fault("/messages", status=429, headers={"Retry-After": "60"}))
    chat.say("not sent yet")
    expect(chat.log).to_contain_text("Going on in 60 seconds")
    chat.composer.fill("half a question")
    page.evaluate("history.back()")
    page.wait_for_function("window.kept")
    expect(chat.composer).to_have_value("half a question")
    expect(chat.log).to_contain_text("You said: not sent yet")
    assert [m["text"] for m in gateway.conversation.messages][2] == "not sent yet"
