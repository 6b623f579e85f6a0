"""Texts, dates and money in the language of the page; from right to left where it is so written."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenPage
from tests.browser.fake_gateway import FakeGateway
from tests.browser.host_pages import WEB

pytestmark = pytest.mark.browser


def _speak(page: Page, language: str) -> None:
    page.evaluate(f"document.querySelector('shop-chat').lang = '{language}'")


def test_a_german_page_gets_german_texts_dates_and_money(page: Page) -> None:
    page.evaluate("document.querySelector('shop-chat').removeAttribute('label')")
    _speak(page, "de-AT")
    launcher = page.get_by_role("button", name="Hilfe")
    launcher.click()
    dialog = page.get_by_role("dialog", name="Hilfe-Center")
    expect(dialog.get_by_role("heading", name="Hallo")).to_be_visible()
    dialog.get_by_role("textbox", name="Nachricht schreiben").fill("my orders")
    dialog.get_by_role("button", name="Senden").click()
    expect(dialog).to_contain_text("02.10.2026")
    expect(dialog).to_contain_text(re.compile(r"\$\s?89,90|89,90\s\$"))


def test_arabic_is_read_from_right_to_left(page: Page) -> None:
    _speak(page, "ar")
    page.locator("shop-chat").get_by_role("button").first.click()
    dialog = page.get_by_role("dialog", name="مركز المساعدة")
    expect(dialog).to_have_css("direction", "rtl")
    box = dialog.bounding_box()
    assert box is not None
    assert box["x"] < 100
    composer = dialog.get_by_role("textbox", name="اكتب رسالة")
    composer.fill("مرحبا")
    composer.press("Enter")
    expect(dialog.get_by_role("log")).to_contain_text("You said")
    said = dialog.locator(".shopper .bubble").bounding_box()
    assert said is not None
    assert said["x"] < box["x"] + box["width"] / 2


def test_a_language_that_the_widget_lacks_is_said_in_english(page: Page) -> None:
    _speak(page, "ja")
    expect(ChatPage(page).open().dialog.get_by_role("heading", name="Hi there")).to_be_visible()


def test_a_language_file_that_does_not_come_is_said_in_english(page: Page) -> None:
    page.route("**/texts.de.js", lambda route: route.abort())
    _speak(page, "de")
    expect(ChatPage(page).open().dialog.get_by_role("heading", name="Hi there")).to_be_visible()


def test_english_shoppers_fetch_no_other_language(
    open_page: OpenPage, gateway: FakeGateway
) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    ChatPage(page).open().ask("hello", "You said: hello")
    assert [url for url in asked if "texts." in url] == []


def test_a_change_of_language_keeps_the_conversation_and_the_draft(page: Page) -> None:
    chat = ChatPage(page).open().ask("hello", "You said: hello")
    chat.composer.fill("half a question")
    _speak(page, "de")
    dialog = page.get_by_role("dialog", name="Hilfe-Center")
    expect(dialog).to_contain_text("You said: hello")
    expect(dialog.get_by_role("textbox")).to_have_value("half a question")


@pytest.mark.parametrize("language", ["de", "ar"])
def test_every_text_is_translated(page: Page, language: str) -> None:
    shapes = page.evaluate(
        """async (language) => {
          const shape = (texts) => Object.entries(texts).map(([name, text]) =>
            typeof text === "object" ? [name, shape(text)] : [name, typeof text]);
          const { textsFor } = await import("/web/modules/texts.js");
          const own = (await import(`/web/modules/texts.${language}.js`)).default;
          return [shape((await textsFor("en")).texts), shape(own)].map((s) => JSON.stringify(s));
        }""",
        language,
    )
    assert json.loads(shapes[0]) == json.loads(shapes[1])


def test_words_stand_in_no_other_module() -> None:
    """A sentence in a module that is not a language could not be translated."""
    sentence = re.compile(r'"[A-Z][a-z]+ [a-z ]{3,}')
    for module in (WEB / "widget").glob("*.js"):
        if not module.name.startswith("texts"):
            source = re.sub(r"^\s*(//|/?\*).*$|/\*\*.*?\*/", "", module.read_text(), flags=re.M)
            assert sentence.findall(source) == [], module.name


@pytest.mark.parametrize(
    "language", ["en_US", "klingon!!", "-", "x", "ja-u-nu-latn", "fr-FR-x-formal"]
)
def test_a_language_tag_that_is_none_does_no_harm(open_page: OpenPage, language: str) -> None:
    page = open_page(locale="en-GB")
    _speak(page, language)
    chat = ChatPage(page).open().ask("my orders", "Trail Rain Jacket")
    expect(chat.log).to_contain_text("2026")
