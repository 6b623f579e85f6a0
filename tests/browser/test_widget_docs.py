"""docs/widget.md, held to the code: every snippet runs, and every table is complete."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenPage
from tests.browser.fake_gateway import FakeGateway
from tests.browser.host_pages import WEB
from tests.browser.scripted_replies import Reply

pytestmark = pytest.mark.browser

DOCS = (WEB.parents[1] / "docs" / "widget.md").read_text(encoding="utf-8")
SOURCES = {path.name: path.read_text(encoding="utf-8") for path in (WEB / "widget").glob("*.js")}
CODE = "\n".join(SOURCES.values())
LANGUAGES = ("html", "js", "css")
BOT = "https://help.example.com"
# Whose `sub` is C100.
IDENTITY = "e30.eyJzdWIiOiJDMTAwIn0.x"


@dataclass(frozen=True)
class Snippet:
    language: str
    code: str


def _find_snippets() -> list[Snippet]:
    fences = re.findall(r"^```(\w+)\n(.*?)^```$", DOCS, re.DOTALL | re.MULTILINE)
    return [Snippet(language, code) for language, code in fences if language in LANGUAGES]


SNIPPETS = _find_snippets()
SCRIPT_LINE = SNIPPETS[0].code

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>My shop</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/snippet.css"></head><body>
<h1>My shop</h1><button id="sign-out">Sign out</button>
<button id="contact-seller">Contact the seller</button>
{html}<script type="module" src="/snippet.js"></script></body></html>"""


def _open(open_page: OpenPage, gateway: FakeGateway, snippet: Snippet) -> Page:
    """Open a page of a shop on another origin than the bot's, with the policy that docs name."""
    shop, bot = f"http://localhost:{gateway.port}", gateway.url
    policy = f"default-src 'self'; script-src 'self' {bot}; connect-src 'self' {bot}; img-src data:"
    parts = dict.fromkeys(LANGUAGES, "") | {snippet.language: snippet.code}
    if "<script" not in parts["html"]:
        parts["html"] += SCRIPT_LINE
    content = {
        "/my-shop": ("text/html", _PAGE.format(html=parts["html"])),
        "/snippet.js": ("text/javascript", parts["js"]),
        "/snippet.css": ("text/css", parts["css"]),
        "/account/chat-identity": ("application/json", f'{{"identity": "{IDENTITY}"}}'),
    }

    def answer(route: Route) -> None:
        media_type, body = content[route.request.url.removeprefix(shop)]
        headers = {"Content-Type": media_type, "Content-Security-Policy": policy}
        route.fulfill(body=body.replace(BOT, bot), headers=headers)

    return open_page(f"{shop}/my-shop", prepare=lambda page: page.route(f"{shop}/**", answer))


@dataclass(frozen=True)
class Shop:
    """A page with one of the snippets in it."""

    page: Page
    chat: ChatPage
    gateway: FakeGateway

    @property
    def asked(self) -> list[str]:
        posts = (one for one in self.gateway.requests_to("/messages") if one.method == "POST")
        return [post.body["text"] for post in posts]


def _adds_a_chat(shop: Shop) -> None:
    expect(shop.chat.launcher).to_have_accessible_name("Help")
    shop.chat.open().ask("hello", "You said: hello")


def _adds_no_second_chat(shop: Shop) -> None:
    shop.chat.open().ask("hello", "You said: hello")
    expect(shop.page.locator("shop-chat")).to_have_count(1)
    shop.page.emulate_media(color_scheme="dark")
    scheme = "dialog => getComputedStyle(dialog).colorScheme"
    assert shop.chat.dialog.evaluate(scheme) == "light dark"


def _speaks_german_on_the_other_side(shop: Shop) -> None:
    launcher = shop.page.locator("shop-chat button").first
    expect(launcher).to_have_accessible_name("Hilfe")
    box = launcher.bounding_box()
    assert box is not None
    assert box["x"] < 100
    launcher.click()
    expect(shop.page.locator("shop-chat textarea")).to_have_value("Wann kommt mein Paket?")
    assert shop.asked == []


def _says_who_is_signed_in(shop: Shop) -> None:
    shop.chat.open()
    expect(shop.chat.dialog.get_by_role("heading", name="Hi Ana Torres")).to_be_visible()
    assert shop.gateway.requests_to("/sessions")[-1].body["identity"] == IDENTITY


def _forgets_who_signs_out(shop: Shop) -> None:
    shop.page.locator("shop-chat").evaluate("(chat, it) => chat.identify(it)", IDENTITY)
    shop.chat.open().ask("my secret", "You said: my secret")
    shop.page.get_by_role("button", name="Sign out").click()
    expect(shop.chat.log).not_to_contain_text("my secret")


def _asks_for_the_seller(shop: Shop) -> None:
    shop.page.locator("#contact-seller").click()
    expect(shop.chat.dialog).to_be_visible()
    expect(shop.chat.log.locator(".bubble").first).to_contain_text("Contact the seller of order")
    expect(shop.chat.log.get_by_text("Sending")).to_have_count(0)
    assert shop.asked == ["Contact the seller of order 8100240003"]


def _counts_in_the_title(shop: Shop) -> None:
    shop.chat.open().ask("hello", "You said: hello")
    shop.page.keyboard.press("Escape")
    shop.gateway.conversation.say("agent", Reply("Are you there?"))
    expect(shop.page).to_have_title("(1) My shop")
    shop.chat.open()
    expect(shop.page).to_have_title("My shop")


def _looks_like_the_shop(shop: Shop) -> None:
    def look(name: str, part: str) -> str:
        style = f"shop => getComputedStyle(shop.shadowRoot.querySelector('{part}')).{name}"
        return str(shop.page.locator("shop-chat").evaluate(style))

    assert look("backgroundColor", "[part~=launcher]") == "rgb(31, 93, 72)"
    assert look("borderRadius", "[part~=launcher]") == "8px"
    shop.chat.open().ask("hello", "You said: hello")
    shop.gateway.conversation.say("agent", Reply("A person"))
    expect(shop.chat.log).to_contain_text("A person")
    assert look("backgroundColor", "[part~=panel]") == "rgb(245, 242, 236)"
    assert look("fontStyle", "[part~=agent]") == "italic"
    assert look("fontStyle", "[part~=bot]") == "normal"


# By words that are in that snippet only.
CHECKS: dict[str, Callable[[Shop], None]] = {
    'data-label="Help"': _adds_a_chat,
    '<shop-chat label="Help"': _adds_no_second_chat,
    '<shop-chat lang="de"': _speaks_german_on_the_other_side,
    "chat.identify(": _says_who_is_signed_in,
    '"#sign-out"': _forgets_who_signs_out,
    '"#contact-seller"': _asks_for_the_seller,
    '"shop-chat-unread"': _counts_in_the_title,
    "shop-chat::part(launcher)": _looks_like_the_shop,
}


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda snippet: snippet.code.splitlines()[0])
def test_each_snippet_does_what_is_said_of_it(
    open_page: OpenPage, gateway: FakeGateway, snippet: Snippet
) -> None:
    checks = [check for words, check in CHECKS.items() if words in snippet.code]
    assert len(checks) == 1, "a snippet needs a check of its own"
    page = _open(open_page, gateway, snippet)
    checks[0](Shop(page, ChatPage(page), gateway))


def test_no_check_has_lost_its_snippet() -> None:
    assert [words for words in CHECKS if sum(words in one.code for one in SNIPPETS) != 1] == []


def _table(heading: str) -> dict[str, str]:
    """Return the rows below a heading by the names in their first column."""
    section = DOCS.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows: dict[str, str] = {}
    for first, rest in re.findall(r"^\| (`.*?) \|(.*)\|$", section, re.MULTILINE):
        rows |= dict.fromkeys(re.findall(r"`([^`]+)`", first), rest)
    return rows


def test_all_attributes_are_listed() -> None:
    read = set(re.findall(r'\b(?:get|has)Attribute\("([\w-]+)"\)', CODE))
    observed = re.search(r"observedAttributes = \[(.*?)\]", CODE, re.DOTALL)
    assert observed is not None
    styled = set(re.findall(r":host\(\[([\w-]+)", CODE)) - {"hidden"}  # an element's own
    assert set(_table("Attributes")) == read | styled | set(re.findall(r'"(.+?)"', observed[1]))


def test_all_methods_and_properties_are_listed(page: Page) -> None:
    members = page.evaluate("Object.getOwnPropertyNames(customElements.get('shop-chat').prototype)")
    own = {name for name in members if not re.search("constructor|Callback$", name)}
    assert {name.partition("(")[0] for name in _table("Methods and properties")} == own


def test_all_events_are_listed() -> None:
    emitted = re.findall(r'\bemit\(\s*"([\w-]+)"', CODE)
    assert set(_table("Events")) == {f"shop-chat-{name}" for name in emitted}


def test_all_custom_properties_are_listed_with_their_defaults() -> None:
    listed = _table("Theme")
    defaults = dict(re.findall(r"var\((--shop-chat-[\w-]+), ?([^(),;]+)", CODE))
    assert set(listed) == set(re.findall(r"--shop-chat-[\w-]+", CODE))
    told = {name: value for name, value in defaults.items() if value != "light-dark"}
    assert {name: value for name, value in told.items() if value not in listed[name]} == {}


def test_all_parts_are_listed() -> None:
    names = re.findall(r'\bpart(?:: |\.value = )["`](.+?)["`]', CODE)
    used = {name for some in names for name in some.split()} - {"${sender}"}
    senders = {"shopper", "bot", "agent", "system"}
    sentence = re.search(r"^The parts are `(.+?)`\..*?\n\n", DOCS, re.DOTALL | re.MULTILINE)
    assert sentence is not None
    assert set(sentence[1].split()) == used
    assert "message ${sender}" in names
    assert senders == set(re.findall(r"`(\w+)`", sentence[0]))


def test_all_files_are_listed() -> None:
    files = {path.name for path in Path(WEB / "widget").iterdir()}
    languages = {name for name in files if re.fullmatch(r"texts\.\w+\.js", name)}
    listed = set(_table("Working on it"))
    assert listed - {"texts.<language>.js"} == files - languages
