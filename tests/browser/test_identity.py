"""Who is talking: signing in, switching, signing out, and what stays on the device."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat_page import ChatPage
from tests.browser.fake_gateway import EXPIRED_IDENTITY, FakeGateway, Fault

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


def test_the_conversation_of_a_guest_goes_on_after_the_sign_in(
    page: Page, gateway: FakeGateway
) -> None:
    chat = ChatPage(page).open().ask("hello", "You said: hello")
    page.evaluate("addEventListener('shop-chat-message', () => (window.again = true))")
    bubble = chat.log.get_by_text("You said: hello").element_handle()
    chat.composer.fill("half a question")
    _identify(page, ANA)
    expect(chat.composer).to_have_value("half a question")
    chat.ask("and my order", "You said: and my order")
    assert chat.texts() == ["hello", "You said: hello", "and my order", "You said: and my order"]
    assert bubble.is_visible()  # it was never taken off the screen
    first, second = gateway.sessions.values()
    assert first is second
    signed_in = gateway.requests_to("/sessions")[-1]
    assert signed_in.headers["authorization"] == "Bearer token-1"
    assert "token-1" not in page.evaluate("JSON.stringify([{ ...sessionStorage }])")


def test_the_conversation_of_a_guest_goes_on_on_the_page_after_the_sign_in(
    page: Page, gateway: FakeGateway
) -> None:
    ChatPage(page).open().ask("hello", "You said: hello")
    page.goto(gateway.url + "/page?signed-in")
    _identify(page, ANA)
    chat = ChatPage(page).ask("and my order", "You said: and my order")
    assert chat.texts() == ["hello", "You said: hello", "and my order", "You said: and my order"]
    assert len({conversation.id for conversation in gateway.sessions.values()}) == 1


def test_what_a_guest_has_not_sent_yet_goes_along_once(page: Page, gateway: FakeGateway) -> None:
    chat = ChatPage(page).open().ask("hello", "You said: hello")
    gateway.faults.append(Fault("/messages", lose_answer=True))
    gateway.faults.append(Fault("/messages", status=429, headers={"Retry-After": "60"}))
    chat.say("is it there")
    expect(chat.log).to_contain_text("Going on in 60 seconds")
    _identify(page, ANA)
    expect(chat.log).to_contain_text("You said: is it there")
    expect(chat.log).not_to_contain_text("Sending")
    assert chat.texts() == ["hello", "You said: hello", "is it there", "You said: is it there"]


def test_a_sign_in_whose_answer_was_lost_is_sent_again(page: Page, gateway: FakeGateway) -> None:
    chat = ChatPage(page).open().ask("hello", "You said: hello")
    gateway.faults.append(Fault("/sessions", lose_answer=True))
    _identify(page, ANA)
    chat.ask("and my order", "You said: and my order")
    assert chat.texts() == ["hello", "You said: hello", "and my order", "You said: and my order"]
    assert len(gateway.requests_to("/sessions")) == 3


def test_a_guest_whose_conversation_is_anothers_now_begins_a_new_one(
    page: Page, gateway: FakeGateway
) -> None:
    chat = ChatPage(page).open().ask("hello", "You said: hello")
    gateway.signed_in["token-1"] = BEN
    _identify(page, ANA)
    expect(chat.log).not_to_contain_text("hello")
    chat.ask("and my order", "You said: and my order")
    assert chat.texts() == ["and my order", "You said: and my order"]
    assert "authorization" not in gateway.requests_to("/sessions")[-1].headers


def test_a_guest_who_only_looked_around_takes_nothing_along(
    page: Page, gateway: FakeGateway
) -> None:
    ChatPage(page).open()
    expect(ChatPage(page).dialog.get_by_role("heading", name="Hi there")).to_be_visible()
    _identify(page, ANA)
    ChatPage(page).ask("hello", "You said: hello")
    assert "authorization" not in gateway.requests_to("/sessions")[-1].headers


def test_nothing_is_carried_from_a_customer_to_a_guest(page: Page, gateway: FakeGateway) -> None:
    _identify(page, ANA)
    chat = ChatPage(page).open().ask("my secret", "You said: my secret")
    gateway.faults.extend(Fault("/messages", status=503) for _ in range(3))
    chat.say("another secret")
    chat.composer.fill("half a secret")
    page.evaluate("document.querySelector('shop-chat').identify(null)")
    expect(chat.log).not_to_contain_text("secret")
    expect(chat.composer).to_have_value("")
    gateway.faults.clear()
    chat.ask("hello", "You said: hello")
    assert chat.texts() == ["hello", "You said: hello"]
    assert gateway.conversation.name is None
    assert "authorization" not in gateway.requests_to("/sessions")[-1].headers
    assert "secret" not in page.evaluate("JSON.stringify([{ ...localStorage, ...sessionStorage }])")


def test_a_function_is_asked_again_when_the_session_runs_out(
    page: Page, gateway: FakeGateway
) -> None:
    page.evaluate(
        f"window.asked = 0;"
        f"document.querySelector('shop-chat').identify(async () => (asked += 1, '{ANA}'))"
    )
    chat = ChatPage(page).open().ask("hello", "You said: hello")
    asked = page.evaluate("asked")
    gateway.expire_tokens()
    chat.ask("again", "You said: again")
    assert page.evaluate("asked") == asked + 1
    assert chat.texts() == ["hello", "You said: hello", "again", "You said: again"]
    assert gateway.conversation.name == "Ana Torres"


def test_a_function_that_names_another_customer_shows_nothing_of_the_one_before(
    page: Page, gateway: FakeGateway
) -> None:
    page.evaluate(
        f"window.now = '{ANA}'; document.querySelector('shop-chat').identify(async () => now)"
    )
    chat = ChatPage(page).open().ask("my secret", "You said: my secret")
    chat.composer.fill("half a secret")
    page.evaluate(f"window.now = '{BEN}'")
    gateway.expire_tokens()
    expect(chat.log).not_to_contain_text("my secret")
    expect(chat.composer).to_have_value("")
    chat.ask("hello", "You said: hello")
    assert chat.texts() == ["hello", "You said: hello"]


def test_a_token_that_has_just_run_out_is_replaced_by_the_function(
    page: Page, gateway: FakeGateway
) -> None:
    page.evaluate(
        f"const tokens = ['{EXPIRED_IDENTITY}', '{ANA}'];"
        "document.querySelector('shop-chat').identify(async () => tokens.shift())"
    )
    chat = ChatPage(page).open().ask("hello", "You said: hello")
    expect(chat.log).not_to_contain_text("could not be confirmed")
    assert gateway.conversation.name == "Ana Torres"


def test_a_function_that_fails_is_asked_again(page: Page, gateway: FakeGateway) -> None:
    page.evaluate(
        "window.asked = 0; document.querySelector('shop-chat').identify(() => {"
        f"  if (++asked < 3) throw new Error('the shop is away'); return '{ANA}' }})"
    )
    ChatPage(page).open().ask("hello", "You said: hello")
    assert gateway.conversation.name == "Ana Torres"
    assert len(gateway.requests_to("/sessions")) == 1
