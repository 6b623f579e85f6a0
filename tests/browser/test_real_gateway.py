"""What the widget and the gateway itself must agree on."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chat_page import ChatPage
from tests.browser.real_gateway import RealGateway
from tests.gateway.test_sessions import sign

pytestmark = pytest.mark.browser


@pytest.fixture
def chat(browser: Browser, real_gateway: RealGateway) -> Iterator[ChatPage]:
    page = browser.new_page(reduced_motion="reduce")
    page.goto(real_gateway.url + "/page")
    yield ChatPage(page).open().ask("hello", "echo hello")
    page.close()


def _identify(chat: ChatPage, customer: str) -> None:
    identity = sign(sub=customer, name=customer)
    chat.page.evaluate(f"document.querySelector('shop-chat').identify('{identity}')")


def test_dots_stand_while_an_agent_types(chat: ChatPage, real_gateway: RealGateway) -> None:
    (conversation_id,) = real_gateway.conversations()
    real_gateway.hand_over(conversation_id)
    expect(chat.dialog).to_contain_text("a person")
    real_gateway.type_as_agent(conversation_id, typing=True)
    expect(chat.log.locator(".dots")).to_be_visible()
    with chat.page.expect_response("**/typing") as told:
        chat.composer.press_sequentially("me too")
    assert told.value.status == 204
    expect(chat.log.locator(".dots")).to_be_visible()
    real_gateway.type_as_agent(conversation_id, typing=False)
    expect(chat.log.locator(".dots")).to_be_hidden()


def test_the_conversation_of_a_guest_goes_on_after_the_sign_in(
    chat: ChatPage, real_gateway: RealGateway
) -> None:
    _identify(chat, "C100")
    chat.ask("and my order", "echo and my order")
    assert chat.texts() == ["hello", "echo hello", "and my order", "echo and my order"]
    (conversation_id,) = real_gateway.conversations()
    _identify(chat, "C101")
    expect(chat.log).not_to_contain_text("hello")
    chat.ask("who am I", "echo who am I")
    assert chat.texts() == ["who am I", "echo who am I"]
    assert len(real_gateway.transcript(conversation_id)) == 4


def test_starting_over_begins_another_conversation_of_the_same_customer(
    chat: ChatPage, real_gateway: RealGateway
) -> None:
    _identify(chat, "C100")
    expect(chat.dialog.get_by_text("Hi C100")).to_be_attached()
    chat.choose("Start over", "Start over")
    chat.ask("again", "echo again")
    assert chat.texts() == ["again", "echo again"]
    assert len(real_gateway.conversations()) == 2
    expect(chat.dialog.get_by_text("Hi C100")).to_be_attached()
