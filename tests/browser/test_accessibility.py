"""For everyone: axe in every state and both themes, forced colours, motion, direction, zoom."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenPage
from tests.browser.fake_gateway import FakeGateway
from tests.browser.states import STATES, show_everything

pytestmark = pytest.mark.browser


def _find_violations(page: Page) -> list[str]:
    violations = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in violations
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(open_page: OpenPage, gateway: FakeGateway, state: str) -> None:
    page = open_page(color_scheme="light")
    STATES[state](ChatPage(page), gateway)
    assert _find_violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert _find_violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_phone(
    open_page: OpenPage, gateway: FakeGateway, scheme: str
) -> None:
    phone = {"width": 390, "height": 844}
    page = open_page(color_scheme=scheme, reduced_motion="reduce", viewport=phone)
    show_everything(ChatPage(page), gateway)
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
