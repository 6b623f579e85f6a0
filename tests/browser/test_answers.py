"""What can be done with an answer: copy it, and say whether it helped."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenPage
from tests.browser.fake_gateway import FakeGateway, Fault

pytestmark = pytest.mark.browser


@pytest.fixture
def chat(page: Page) -> ChatPage:
    return ChatPage(page).open().ask("How do I buy an item?", "Shopping Cart")


def test_an_answer_is_voted_helpful(chat: ChatPage, gateway: FakeGateway) -> None:
    vote = chat.log.get_by_role("group", name="Was this helpful?")
    vote.get_by_role("button", name="Yes").click()
    expect(vote.get_by_role("button", name="Yes")).to_have_attribute("aria-pressed", "true")
    expect(chat.dialog.get_by_text("Thank you.")).to_be_attached()
    assert gateway.conversation.messages[1]["helpful"] is True


def test_a_vote_can_be_changed(chat: ChatPage, gateway: FakeGateway) -> None:
    chat.button("Yes").click()
    expect(chat.button("Yes")).to_have_attribute("aria-pressed", "true")
    chat.button("No").click()
    expect(chat.button("No")).to_have_attribute("aria-pressed", "true")
    expect(chat.button("Yes")).to_have_attribute("aria-pressed", "false")
    assert gateway.conversation.messages[1]["helpful"] is False


def test_a_vote_is_still_there_after_a_reload(chat: ChatPage) -> None:
    chat.button("No").click()
    expect(chat.button("No")).to_have_attribute("aria-pressed", "true")
    chat.page.reload()
    expect(chat.button("No")).to_have_attribute("aria-pressed", "true")


def test_a_vote_that_fails_is_not_shown_as_given(chat: ChatPage, gateway: FakeGateway) -> None:
    gateway.faults.extend(Fault("/feedback", status=404) for _ in range(9))
    chat.button("Yes").click()
    expect(chat.dialog.get_by_text("That did not work.")).to_be_attached()
    expect(chat.button("Yes")).to_have_attribute("aria-pressed", "false")


def test_a_question_of_the_bot_is_nothing_to_vote_on(chat: ChatPage) -> None:
    chat.ask("cancel 8100240002", "Shall I cancel")
    expect(chat.log.get_by_role("group", name="Was this helpful?")).to_have_count(1)


def test_an_answer_is_copied_as_it_reads(open_page: OpenPage) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    chat = ChatPage(page).open().ask("How do I buy an item?", "Shopping Cart")
    chat.button("Copy").click()
    expect(chat.dialog.get_by_text("Copied")).to_be_attached()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "Buy Now" in copied
    assert "**" not in copied


def test_one_s_own_messages_have_no_copy_button(chat: ChatPage) -> None:
    expect(chat.log.locator(".shopper button")).to_have_count(0)


def test_without_a_clipboard_there_is_nothing_to_press(open_page: OpenPage) -> None:
    page = open_page()
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.reload()
    chat = ChatPage(page).open().ask("hello", "You said: hello")
    expect(chat.button("Copy")).to_have_count(0)
