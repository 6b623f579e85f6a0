"""The menu: ending a chat and rating it, its transcript, the sound."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat_page import ChatPage
from tests.browser.fake_gateway import FakeGateway, Fault
from tests.browser.scripted_replies import Reply

pytestmark = pytest.mark.browser

# Counts the tones that a page would play.
_COUNT_TONES = """
window.tones = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...times) { tones += 1; start.apply(this, times); };
"""


@pytest.fixture
def chat(page: Page) -> ChatPage:
    return ChatPage(page).open().ask("hello", "You said: hello")


def _end(chat: ChatPage) -> None:
    chat.choose("End chat", "End chat")
    expect(chat.dialog).to_contain_text("This chat has ended")


def test_the_menu_closes_by_escape_before_the_chat_does(chat: ChatPage) -> None:
    chat.dialog.get_by_label("More", exact=True).click()
    expect(chat.button("Save transcript")).to_be_visible()
    chat.page.keyboard.press("Escape")
    expect(chat.button("Save transcript")).to_be_hidden()
    expect(chat.dialog.get_by_label("More", exact=True)).to_be_focused()
    expect(chat.dialog).to_be_visible()


def test_the_menu_closes_when_the_focus_leaves_it(chat: ChatPage) -> None:
    chat.dialog.get_by_label("More", exact=True).click()
    chat.composer.click()
    expect(chat.button("Save transcript")).to_be_hidden()
    expect(chat.composer).to_be_focused()


def test_the_menu_is_walked_with_the_keyboard(chat: ChatPage) -> None:
    chat.dialog.get_by_label("More", exact=True).focus()
    chat.page.keyboard.press("Enter")
    chat.page.keyboard.press("Tab")
    expect(chat.button("Start over")).to_be_focused()


def test_ending_is_asked_about_first(chat: ChatPage, gateway: FakeGateway) -> None:
    chat.choose("End chat", "Keep chat")
    assert gateway.conversation.state == "bot"
    expect(chat.dialog.get_by_role("group", name="End this chat?")).to_be_hidden()


def test_an_ended_chat_is_rated_with_a_comment(chat: ChatPage, gateway: FakeGateway) -> None:
    _end(chat)
    chat.dialog.get_by_role("radio", name="4 of 5 stars").check()
    chat.dialog.get_by_role("textbox", name="Anything to add?").fill("  Quick. ")
    chat.log.get_by_role("button", name="Send").click()
    expect(chat.log).to_contain_text("Thank you.")
    expect(chat.button("New conversation")).to_be_focused()
    assert gateway.conversation.rating == {"stars": 4, "comment": "Quick."}


def test_stars_are_chosen_with_the_keyboard(chat: ChatPage, gateway: FakeGateway) -> None:
    _end(chat)
    chat.dialog.get_by_role("radio", name="1 of 5 stars").focus()
    for key in ("Space", "ArrowRight", "ArrowRight", "Enter"):
        chat.page.keyboard.press(key)
    expect(chat.log).to_contain_text("Thank you.")
    assert gateway.conversation.rating == {"stars": 3, "comment": None}


def test_no_rating_is_sent_without_stars(chat: ChatPage, gateway: FakeGateway) -> None:
    _end(chat)
    chat.log.get_by_role("button", name="Send").click()
    assert gateway.requests_to("/rating") == []


def test_a_rating_that_fails_can_be_sent_again(chat: ChatPage, gateway: FakeGateway) -> None:
    _end(chat)
    gateway.faults.append(Fault("/rating", status=409))
    chat.dialog.get_by_role("radio", name="5 of 5 stars").check()
    chat.log.get_by_role("button", name="Send").click()
    expect(chat.log).to_contain_text("That did not work.")
    chat.log.get_by_role("button", name="Send").click()
    expect(chat.log).to_contain_text("Thank you.")


def test_a_chat_that_the_shop_ends_is_rated_too(chat: ChatPage, gateway: FakeGateway) -> None:
    gateway.conversation.state = "closed"
    expect(chat.log.get_by_role("group", name="How was this chat?")).to_be_visible()
    expect(chat.log.get_by_role("button", name="Send")).to_be_in_viewport()


def test_after_the_end_a_new_conversation_begins_with_one_press(
    chat: ChatPage, gateway: FakeGateway
) -> None:
    _end(chat)
    chat.button("New conversation").click()
    expect(chat.dialog.get_by_role("heading", name="Hi there")).to_be_visible()
    expect(chat.log.get_by_role("group", name="How was this chat?")).to_have_count(0)
    chat.ask("again", "You said: again")
    assert len(gateway.sessions) == 2


def test_an_end_that_fails_is_told(chat: ChatPage, gateway: FakeGateway) -> None:
    gateway.faults.extend(Fault("/close", status=404) for _ in range(9))
    chat.choose("End chat", "End chat")
    expect(chat.log).to_contain_text("That did not work.")


def test_the_transcript_is_saved_as_a_text_with_times(chat: ChatPage, tmp_path: Path) -> None:
    with chat.page.expect_download() as saved:
        chat.choose("Save transcript")
    assert saved.value.suggested_filename.startswith("Conversation 20")
    assert saved.value.suggested_filename.endswith(".txt")
    path = tmp_path / "chat.txt"
    saved.value.save_as(path)
    first, second = path.read_text().splitlines()
    assert first.startswith("[20")
    assert first.endswith("shopper: hello")
    assert second.endswith("bot: You said: hello")


def test_a_transcript_that_fails_is_told(chat: ChatPage, gateway: FakeGateway) -> None:
    gateway.faults.extend(Fault("/transcript", status=404) for _ in range(9))
    chat.choose("Save transcript")
    expect(chat.log).to_contain_text("That did not work.")


def test_messages_are_silent_until_the_sound_is_turned_on(page: Page, gateway: FakeGateway) -> None:
    page.add_init_script(_COUNT_TONES)
    page.reload()
    chat = ChatPage(page).open().ask("hello", "You said: hello")
    assert page.evaluate("tones") == 0
    chat.choose("Sound")
    expect(chat.button("Sound")).to_have_attribute("aria-pressed", "true")
    # One, so that it is heard what was turned on.
    assert page.evaluate("tones") == 1
    gateway.conversation.say("agent", Reply("A person says hello"))
    expect(chat.log).to_contain_text("A person says hello")
    assert page.evaluate("tones") == 2
    page.reload()
    expect(chat.log).to_contain_text("A person says hello")
    assert page.evaluate("tones") == 0
    gateway.conversation.say("agent", Reply("Still there?"))
    expect(chat.log).to_contain_text("Still there?")
    assert page.evaluate("tones") == 1
