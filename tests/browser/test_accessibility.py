"""For everyone: axe in every state and both themes, forced colours, motion, direction, zoom."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenPage
from tests.browser.fake_gateway import FakeGateway, Fault
from tests.browser.scripted_replies import Reply

pytestmark = pytest.mark.browser

Prepare = Callable[[ChatPage, FakeGateway], object]


def _everything(chat: ChatPage, _: FakeGateway) -> None:
    chat.open().ask("two questions", "Awaiting Delivery")
    chat.ask("my orders", "Wooden Train Set").ask("seller", "Usually replies")
    chat.ask("cancel 8100240002", "Shall I cancel")


def _confirming(chat: ChatPage, _: FakeGateway) -> None:
    chat.open().choose("Start over")


def _searching(chat: ChatPage, _: FakeGateway) -> None:
    expect(chat.open().button("How do I purchase an item?")).to_be_visible()
    chat.composer.fill("payment")
    expect(chat.log.get_by_role("status")).to_be_visible()


def _browsing(chat: ChatPage, _: FakeGateway) -> None:
    chat.open().log.get_by_text("Returns & refunds").click()
    expect(chat.button("How do I return an item?")).to_be_visible()


def _choosing(chat: ChatPage, _: FakeGateway) -> None:
    chat.open().choose()
    expect(chat.button("Save transcript")).to_be_visible()


def _voting(chat: ChatPage, _: FakeGateway) -> None:
    chat.open().ask("How do I buy an item?", "Reviewed").button("Yes").click()
    expect(chat.button("Yes")).to_have_attribute("aria-pressed", "true")


def _rating(chat: ChatPage, _: FakeGateway) -> None:
    chat.open().ask("hello", "You said: hello").choose("End chat", "End chat")
    chat.dialog.get_by_role("radio", name="4 of 5 stars").check()


def _coming_back(chat: ChatPage, gateway: FakeGateway) -> None:
    chat.open().ask("hello", "You said: hello").button("Close chat").click()
    for number in range(3):
        gateway.conversation.say("agent", Reply(f"News {number}"), name="Mia")
    expect(chat.launcher).to_have_accessible_name("Help, 3 new")
    chat.open()


def _unread(chat: ChatPage, gateway: FakeGateway) -> None:
    _coming_back(chat, gateway)
    chat.button("Close chat").click()
    gateway.conversation.say("agent", Reply("More news"))
    expect(chat.launcher).to_have_accessible_name("Help, 1 new")


def _failing(chat: ChatPage, gateway: FakeGateway) -> None:
    chat.open().ask("hello", "You said: hello")
    gateway.faults.append(Fault("/messages", status=422))
    chat.ask("odd text", "Not sent")
    gateway.faults.append(Fault("/messages", status=429, headers={"Retry-After": "60"}))
    chat.ask("too much", "Going on in 60 seconds")


_STATES: dict[str, Prepare] = {
    "closed": lambda chat, _: expect(chat.launcher).to_be_visible(),
    "open": lambda chat, _: chat.open(),
    "with everything": _everything,
    "searching": _searching,
    "browsing": _browsing,
    "in the menu": _choosing,
    "starting over": _confirming,
    "voted": _voting,
    "ended and rated": _rating,
    "coming back": _coming_back,
    "closed with news": _unread,
    "failing": _failing,
}


def _find_violations(page: Page) -> list[str]:
    violations = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in violations
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", _STATES)
def test_axe_finds_nothing(
    open_page: OpenPage, gateway: FakeGateway, state: str, scheme: str
) -> None:
    page = open_page(color_scheme=scheme, reduced_motion="reduce")
    _STATES[state](ChatPage(page), gateway)
    assert _find_violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_phone(
    open_page: OpenPage, gateway: FakeGateway, scheme: str
) -> None:
    phone = {"width": 390, "height": 844}
    page = open_page(color_scheme=scheme, reduced_motion="reduce", viewport=phone)
    _everything(ChatPage(page), gateway)
    assert _find_violations(page) == []


def test_axe_finds_nothing_in_arabic(page: Page) -> None:
    page.evaluate("document.querySelector('shop-chat').lang = 'ar'")
    page.locator("shop-chat").get_by_role("button").first.click()
    composer = page.locator("shop-chat").get_by_role("textbox")
    composer.fill("two questions")
    composer.press("Enter")
    expect(page.locator("shop-chat").get_by_role("log")).to_contain_text("Awaiting Delivery")
    assert _find_violations(page) == []


def test_one_log_announces_what_is_new_and_not_the_history(page: Page) -> None:
    chat = ChatPage(page).open().ask("hello", "You said: hello")
    expect(page.locator("shop-chat [aria-live=polite]")).to_have_count(1)
    expect(chat.log).to_have_attribute("aria-live", "polite")


def test_every_message_names_its_sender_and_time(page: Page) -> None:
    chat = ChatPage(page).open().ask("hello", "You said: hello")
    senders = chat.log.locator(".message bdi").all_inner_texts()
    assert senders == ["You", "Help bot"]
    expect(chat.log.locator("time[datetime]")).to_have_count(2)


def test_nothing_moves_for_those_who_want_no_motion(open_page: OpenPage) -> None:
    page = open_page(reduced_motion="reduce")
    ChatPage(page).open()
    assert page.evaluate("document.getAnimations().length") == 0


def test_borders_show_what_is_what_in_forced_colours(open_page: OpenPage) -> None:
    page = open_page(forced_colors="active")
    chat = ChatPage(page).open().ask("hello", "You said: hello")
    width = chat.log.locator(".bubble").last.evaluate("node => getComputedStyle(node).borderWidth")
    assert width == "1px"


def test_from_right_to_left_the_shopper_is_on_the_left(open_page: OpenPage) -> None:
    chat = ChatPage(open_page("/page?rtl")).open().ask("hello", "You said: hello")
    mine, theirs = (bubble.bounding_box() for bubble in chat.log.locator(".bubble").all())
    launcher = chat.launcher.bounding_box()
    assert mine is not None
    assert theirs is not None
    assert launcher is not None
    assert mine["x"] < theirs["x"]
    assert launcher["x"] < 100


def test_at_four_hundred_percent_nothing_is_cut_off(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 320, "height": 256})
    chat = ChatPage(page).open().ask("Where is my order 8100240003?", "Visa ending 4242")
    wide = chat.log.evaluate("log => log.scrollWidth > log.clientWidth")
    assert not wide
    expect(chat.composer).to_be_in_viewport()


def test_a_very_long_word_stays_in_its_bubble(page: Page) -> None:
    chat = ChatPage(page).open().ask("x" * 2000, "You said")
    assert not chat.log.evaluate("log => log.scrollWidth > log.clientWidth")


def test_styles_of_the_page_stay_outside(open_page: OpenPage) -> None:
    chat = ChatPage(open_page("/page?hostile")).open().ask("hello", "You said: hello")
    bubble = chat.log.locator(".bubble").last
    assert bubble.evaluate("node => getComputedStyle(node).fontSize") == "15px"
    assert bubble.evaluate("node => getComputedStyle(node).color") == "rgb(27, 32, 39)"


def test_styles_of_the_chat_stay_inside(page: Page) -> None:
    before = page.locator("h1").evaluate("node => JSON.stringify(node.getBoundingClientRect())")
    ChatPage(page).open().ask("hello", "You said: hello")
    after = page.locator("h1").evaluate("node => JSON.stringify(node.getBoundingClientRect())")
    assert before == after


@pytest.mark.parametrize(
    ("theme", "scheme", "surface"),
    [("dark", "light", "rgb(18, 20, 25)"), ("light", "dark", "rgb(244, 245, 247)")],
)
def test_the_theme_attribute_outweighs_the_page(
    open_page: OpenPage, theme: str, scheme: str, surface: str
) -> None:
    chat = ChatPage(open_page(f"/page?theme={theme}", color_scheme=scheme)).open()
    assert chat.dialog.evaluate("node => getComputedStyle(node).backgroundColor") == surface
