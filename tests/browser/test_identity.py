"""Who is talking: signing in, switching, signing out, and what stays on the device."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat_page import ChatPage
from tests.browser.fake_gateway import FakeGateway

pytestmark = pytest.mark.browser

ANA = "e30.eyJzdWIiOiJDMTAwIn0.x"
BEN = "e30.eyJzdWIiOiJDMTAxIn0.x"


def _identify(page: Page, identity: str) -> None:
    page.evaluate(f"document.querySelector('shop-chat').identify('{identity}')")


def test_the_token_of_the_shop_opens_the_session(page: Page, gateway: FakeGateway) -> None:
    _identify(page, ANA)
    chat = ChatPage(page).open()
    expect(chat.dialog.get_by_role("heading", name="Hi Ana Torres")).to_be_visible()
    assert gateway.requests_to("/sessions")[0].body["identity"] == ANA


def test_a_function_is_asked_only_when_the_chat_is_opened(page: Page, gateway: FakeGateway) -> None:
    page.evaluate(
        f"window.asked = 0;"
        f"document.querySelector('shop-chat').identify(async () => (asked += 1, '{ANA}'))"
    )
    assert page.evaluate("asked") == 0
    ChatPage(page).open().ask("hello", "You said: hello")
    assert gateway.requests_to("/sessions")[0].body["identity"] == ANA


def test_a_refused_token_never_becomes_a_guest(page: Page, gateway: FakeGateway) -> None:
    _identify(page, "refused")
    chat = ChatPage(page).open()
    expect(chat.log).to_contain_text("Your sign-in could not be confirmed")
    assert gateway.sessions == {}
    assert len(gateway.requests_to("/sessions")) == 1


def test_a_guest_who_signs_in_while_writing_keeps_the_text(page: Page) -> None:
    chat = ChatPage(page).open()
    chat.composer.fill("My order is")
    _identify(page, ANA)
    expect(chat.log.get_by_text("Hi Ana Torres")).to_be_attached()
    expect(chat.composer).to_have_value("My order is")


def test_the_next_shopper_sees_nothing_of_the_one_before(page: Page) -> None:
    _identify(page, ANA)
    chat = ChatPage(page).open().ask("my secret", "You said: my secret")
    chat.composer.fill("half a secret")
    _identify(page, BEN)
    expect(chat.log).not_to_contain_text("my secret")
    expect(chat.composer).to_have_value("")


def test_a_signed_in_shopper_goes_on_after_a_reload(page: Page, gateway: FakeGateway) -> None:
    _identify(page, ANA)
    chat = ChatPage(page).open().ask("hello", "You said: hello")
    page.reload()
    _identify(page, ANA)
    expect(chat.log).to_contain_text("You said: hello")
    assert len(gateway.sessions) == 1


def test_a_second_tab_of_a_signed_in_shopper_shows_the_same(
    page: Page, gateway: FakeGateway
) -> None:
    _identify(page, ANA)
    ChatPage(page).open().ask("hello", "You said: hello")
    second = page.context.new_page()
    second.goto(gateway.url + "/page")
    _identify(second, ANA)
    other = ChatPage(second).open()
    expect(other.log).to_contain_text("You said: hello")
    other.say("from the second tab")
    expect(ChatPage(page).log).to_contain_text("You said: from the second tab")


def test_signing_out_forgets_conversation_and_token(page: Page, gateway: FakeGateway) -> None:
    _identify(page, ANA)
    chat = ChatPage(page).open().ask("hello", "You said: hello")
    page.evaluate("document.querySelector('shop-chat').logOut()")
    expect(chat.log).not_to_contain_text("You said: hello")
    stored = page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")
    assert "token-1" not in stored
    assert "hello" not in stored


def test_the_token_of_a_guest_ends_with_the_tab(page: Page) -> None:
    ChatPage(page).open().ask("hello", "You said: hello")
    assert "token-1" in page.evaluate("JSON.stringify({ ...sessionStorage })")
    assert "token-1" not in page.evaluate("JSON.stringify({ ...localStorage })")
