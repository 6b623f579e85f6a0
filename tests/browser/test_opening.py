"""Opening and closing: keyboard, focus, phone, attributes and events of the element."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenPage
from tests.browser.fake_gateway import FakeGateway

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def test_the_keyboard_alone_opens_the_chat_and_lands_in_the_composer(page: Page) -> None:
    chat = ChatPage(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(chat.launcher).to_be_focused()
    page.keyboard.press("Enter")
    expect(chat.composer).to_be_focused()


def test_escape_closes_the_chat_and_returns_to_the_launcher(page: Page) -> None:
    chat = ChatPage(page).open()
    page.keyboard.press("Escape")
    expect(chat.dialog).to_be_hidden()
    expect(chat.launcher).to_be_focused()
    expect(chat.launcher).to_have_attribute("aria-expanded", "false")


def test_no_request_is_made_before_the_shopper_opens_it(page: Page, gateway: FakeGateway) -> None:
    chat = ChatPage(page)
    expect(chat.launcher).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert gateway.received == []
    chat.open()
    chat.ask("hello", "You said: hello")
    assert len(gateway.requests_to("/sessions")) == 1


def test_the_session_knows_language_and_time_zone(
    open_page: OpenPage, gateway: FakeGateway
) -> None:
    page = open_page(locale="en-GB", timezone_id="Europe/Berlin")
    ChatPage(page).open().ask("hello", "You said: hello")
    assert gateway.requests_to("/sessions")[0].body == {
        "locale": "en-GB",
        "time_zone": "Europe/Berlin",
    }


def test_on_a_phone_the_chat_fills_the_screen(open_page: OpenPage) -> None:
    chat = ChatPage(open_page(**PHONE)).open()
    box = chat.dialog.bounding_box()
    assert box == {"x": 0, "y": 0, "width": 390, "height": 844}


def test_on_a_phone_the_page_behind_is_out_of_reach(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    ChatPage(page).open()
    assert page.locator("shop-chat dialog").evaluate("dialog => dialog.matches(':modal')")


def test_a_turned_phone_changes_between_beside_and_full_screen(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 900, "height": 700})
    chat = ChatPage(page).open()
    chat.composer.fill("half a question")
    page.set_viewport_size({"width": 500, "height": 700})
    page.wait_for_function("document.querySelector('shop-chat').shadowRoot.querySelector(':modal')")
    expect(chat.composer).to_have_value("half a question")


def test_the_open_attribute_opens_without_taking_the_focus(open_page: OpenPage) -> None:
    page = open_page("/page?open")
    expect(ChatPage(page).dialog).to_be_visible()
    expect(page.locator("shop-chat")).not_to_be_focused()


def test_methods_of_the_element_open_close_and_ask(page: Page) -> None:
    chat = ChatPage(page)
    page.evaluate("document.querySelector('shop-chat').ask('hello')")
    expect(chat.log).to_contain_text("You said: hello")
    page.evaluate("document.querySelector('shop-chat').close()")
    expect(chat.dialog).to_be_hidden()
    page.evaluate("document.querySelector('shop-chat').open()")
    expect(chat.composer).to_be_focused()


def test_the_page_hears_of_opening_messages_and_closing(page: Page) -> None:
    page.evaluate(
        """() => {
          window.heard = [];
          for (const name of ["open", "message", "close"])
            addEventListener(`shop-chat-${name}`, (event) =>
              heard.push([name, event.detail?.sender]));
        }"""
    )
    chat = ChatPage(page).open().ask("hello", "You said: hello")
    chat.button("Close chat").click()
    heard = [["open", None], ["message", "shopper"], ["message", "bot"], ["close", None]]
    assert page.evaluate("window.heard") == heard


def test_messages_that_come_while_it_is_closed_are_counted(
    page: Page, gateway: FakeGateway
) -> None:
    gateway.reply_delay_s = 0.4
    chat = ChatPage(page).open().say("hello")
    expect(chat.log).not_to_contain_text("Sending")
    chat.button("Close chat").click()
    expect(chat.launcher).to_have_accessible_name("Help, 1 new")
    chat.open()
    expect(chat.launcher).to_have_accessible_name("Help")


def test_removing_the_element_ends_its_requests(page: Page, gateway: FakeGateway) -> None:
    chat = ChatPage(page).open().ask("hello", "You said: hello")
    page.evaluate("document.querySelector('shop-chat').remove()")
    seen = len(gateway.requests_to("/events"))
    gateway.cut_streams()
    page.wait_for_timeout(1500)
    assert len(gateway.requests_to("/events")) == seen
    expect(chat.launcher).to_have_count(0)


def test_an_element_put_back_into_the_page_goes_on(page: Page) -> None:
    chat = ChatPage(page).open().ask("hello", "You said: hello")
    page.evaluate("document.body.append(document.querySelector('shop-chat'))")
    expect(chat.log).to_contain_text("You said: hello")
    chat.ask("again", "You said: again")
    assert chat.texts() == ["hello", "You said: hello", "again", "You said: again"]


def test_the_modules_as_they_are_work_like_the_packed_file(open_page: OpenPage) -> None:
    page = open_page("/page?modules")
    chat = ChatPage(page)
    page.evaluate(
        "document.querySelector('shop-chat').remove();"
        "const chat = document.createElement('shop-chat');"
        "chat.setAttribute('base-url', '/');"
        "document.body.append(chat)"
    )
    chat.open().ask("hello", "You said: hello")


def test_a_question_of_the_page_stands_in_the_composer_and_on_no_other_page(page: Page) -> None:
    page.evaluate("document.querySelector('shop-chat').setAttribute('question', 'Is it blue?')")
    page.evaluate("document.body.append(document.querySelector('shop-chat'))")
    chat = ChatPage(page).open()
    expect(chat.composer).to_have_value("Is it blue?")
    chat.button("Close chat").click()
    page.reload()
    chat.open()
    expect(chat.composer).to_have_value("")


def test_a_prefilled_question_can_be_changed_and_sent(page: Page) -> None:
    page.evaluate("document.querySelector('shop-chat').prefill('Is it blue?')")
    chat = ChatPage(page)
    expect(chat.composer).to_be_focused()
    expect(chat.composer).to_have_value("Is it blue?")
    chat.composer.press("Enter")
    expect(chat.log).to_contain_text("You said: Is it blue?")


def test_the_position_attribute_moves_the_chat_to_the_other_side(page: Page) -> None:
    chat = ChatPage(page).open()
    page.evaluate("document.querySelector('shop-chat').setAttribute('position', 'start')")
    for box in (chat.launcher.bounding_box(), chat.dialog.bounding_box()):
        assert box is not None
        assert box["x"] < 100


def test_signing_out_and_in_at_once_ends_with_the_one_who_signed_in(
    page: Page, gateway: FakeGateway
) -> None:
    page.evaluate(
        """() => {
          const chat = document.querySelector("shop-chat");
          chat.remove();
          chat.logOut();
          chat.identify("e30.eyJzdWIiOiJDMTAxIn0.x");
          document.body.append(chat);
        }"""
    )
    ChatPage(page).open().ask("hello", "You said: hello")
    assert gateway.requests_to("/sessions")[-1].body["identity"] == "e30.eyJzdWIiOiJDMTAxIn0.x"
