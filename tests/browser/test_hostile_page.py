"""The chat on pages that mean no good to it: styles, globals, and elements that come and go."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenPage
from tests.browser.fake_gateway import FakeGateway
from tests.browser.host_pages import WEB
from tests.browser.scripted_replies import ARTICLE, ORDER, ORDER_LIST, PLACED_AT, SELLER, Reply

pytestmark = pytest.mark.browser

INHERITED = """
* { color: red !important; cursor: wait !important; font: italic small-caps 900 40px/5 cursive
  !important; hyphens: auto !important; letter-spacing: 9px !important; list-style: square inside
  !important; overflow-wrap: normal !important; pointer-events: none !important; quotes: none
  !important; tab-size: 40 !important; text-align: center !important; text-indent: 50px !important;
  text-shadow: 9px 9px red !important; text-transform: uppercase !important; user-select: none
  !important; visibility: hidden !important; white-space: pre !important; word-break: break-all
  !important; word-spacing: 20px !important; writing-mode: vertical-rl !important;
  -webkit-text-fill-color: red !important; -webkit-text-stroke: 3px red !important }
:root { font-size: 40px; line-height: 5; letter-spacing: 9px }
"""
BOXES = """
* { background: lime !important; border: 5px solid red !important; box-sizing: content-box
  !important; margin: 30px !important; max-width: 50px !important; min-height: 300px !important;
  outline: 9px solid red !important; overflow: hidden !important; padding: 30px !important;
  scroll-behavior: smooth !important; transition: all 9s !important; z-index: -1 !important }
body * { filter: blur(5px) !important; float: left !important; opacity: .2 !important; position:
  static !important; transform: rotate(10deg) !important; width: 30px !important }
button, dialog, form, h2, p, small, span, svg, textarea, ul { display: none !important }
::backdrop, ::placeholder, ::before, ::after { content: "!" !important; color: red !important }
.panel, .log, .bubble, .card, .launcher, [part] { display: none !important }
"""
# Every name that the widget's own style sheet has for itself.
OWN_NAMES = sorted(
    set(re.findall(r"--(?!shop-chat)[\w-]+(?=[:,)])", (WEB / "widget" / "style.js").read_text()))
)
PROPERTIES = "* {" + "".join(f" {name}: url(x) !important;" for name in OWN_NAMES) + "}"

_STYLED = """css => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
}"""

# How everything in the chat looks and where it is.
_LOOK = """shop => JSON.stringify([...shop.shadowRoot.querySelectorAll("*")].map(element => {
  const style = getComputedStyle(element);
  const look = Object.fromEntries([...style].map(name => [name, style.getPropertyValue(name)]));
  const { x, y, width, height } = element.getBoundingClientRect();
  return { element: `${element.localName}.${element.className}`, x, y, width, height, ...look };
}))"""

# The same of a page's own elements, and what scripts can see.
_PAGE = """() => JSON.stringify(
  [...document.querySelectorAll(":not(shop-chat)")].map(node => {
    const style = getComputedStyle(node);
    const look = [...style].map(name => `${name}: ${style.getPropertyValue(name)}`);
    return [node.localName, JSON.stringify(node.getBoundingClientRect()), ...look,
      ...[...node.attributes].map(({ name, value }) => `${name}=${value}`)];
  }).concat([[document.styleSheets.length, document.adoptedStyleSheets.length, document.title,
    ...Object.getOwnPropertyNames(window).sort()]]))"""


def _style(css: str) -> Any:
    return lambda page: page.add_init_script(f"({_STYLED})({json.dumps(css)})")


def _show_everything(page: Page, gateway: FakeGateway) -> ChatPage:
    """Open the chat with one of everything in it, said at a fixed time."""
    chat = ChatPage(page)
    with page.expect_response("**/api/v1/conversation/events*"):
        page.locator("shop-chat").evaluate("shop => shop.open()")
    gateway.conversation.say("shopper", Reply("Where is my order?"), at=PLACED_AT)
    for reply in (ARTICLE, ORDER, ORDER_LIST, SELLER):
        gateway.conversation.say("bot", reply, at=PLACED_AT)
    gateway.conversation.say("agent", Reply("The end"), at=PLACED_AT)
    expect(chat.log).to_contain_text("The end")
    return chat


@pytest.mark.parametrize("css", [INHERITED, BOXES, PROPERTIES], ids=["text", "boxes", "names"])
def test_no_style_of_the_page_reaches_into_the_chat(
    open_page: OpenPage, gateway: FakeGateway, css: str
) -> None:
    looks = []
    for prepare in (None, _style(css)):
        page = open_page(prepare=prepare)
        _show_everything(page, gateway)
        looks.append(json.loads(page.locator("shop-chat").evaluate(_LOOK)))
    plain, hostile = looks
    assert [one["element"] for one in plain] == [one["element"] for one in hostile]
    for before, after in zip(plain, hostile, strict=True):
        changed = {
            name: (before[name], after[name]) for name in before if before[name] != after[name]
        }
        assert changed == {}, before["element"]


def test_a_page_that_is_turned_or_enlarged_can_still_be_chatted_on(open_page: OpenPage) -> None:
    css = (
        ":root { direction: rtl; font-size: 60px; zoom: 1.5 } body { unicode-bidi: bidi-override }"
    )
    chat = ChatPage(open_page(prepare=_style(css))).open().ask("hello", "You said: hello")
    expect(chat.composer).to_be_in_viewport(ratio=1)
    assert not chat.log.evaluate("log => log.scrollWidth > log.clientWidth")


def test_a_page_may_hide_the_chat(open_page: OpenPage) -> None:
    page = open_page(prepare=_style("shop-chat { display: none }"))
    expect(page.locator("shop-chat")).to_be_attached()
    expect(page.locator("shop-chat button").first).to_be_hidden()


def test_nothing_of_the_chat_reaches_out_into_the_page(
    open_page: OpenPage, gateway: FakeGateway
) -> None:
    bare = open_page(prepare=lambda page: page.route("**/widget.js", lambda route: route.abort()))
    bare.wait_for_load_state()
    page = open_page()
    _show_everything(page, gateway)
    assert page.evaluate(_PAGE) == bare.evaluate(_PAGE)


_SHIFTS = """
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const { sources } of list.getEntries())
      shifts.push(...sources.map(({ node }) => node?.nodeName ?? "in a shadow"));
  }).observe({ type: "layout-shift", buffered: true });
"""


def test_nothing_in_the_page_moves_when_the_chat_comes_and_opens(
    open_page: OpenPage, gateway: FakeGateway
) -> None:
    page = open_page(prepare=lambda page: page.add_init_script(_SHIFTS))
    expect(ChatPage(page).launcher).to_be_visible()
    _show_everything(page, gateway)
    page.locator("shop-chat").evaluate("shop => shop.close()")
    # A move of the page's own shows that one would have been seen, and ends the wait for it.
    moved = page.evaluate("""async () => {
      document.querySelector("p").style.marginTop = "300px";
      while (!shifts.length) await new Promise(requestAnimationFrame);
      return shifts;
    }""")
    assert moved == ["P"]


POLLUTION = """
  Object.prototype.extra = "extra";
  Object.prototype.toJson = () => "extra";
  Array.prototype.extra = function () { return "extra"; };
  String.prototype.extra = Function.prototype.extra = "extra";
  window.name = "shop-chat";
  for (const name of ["h", "icon", "minify", "keep", "recall", "ask", "call", "button", "link",
    "texts", "sheet", "script", "chat", "e", "t", "n", "s"]) window[name] = "taken";
  customElements.define("shop-cart", class extends HTMLElement {});
  customElements.define("chat-panel", class extends HTMLElement {});
  document.addEventListener("DOMContentLoaded", () => {
    for (const id of ["shop-chat", "log", "panel", "launcher", "fetch", "localStorage", "h"]) {
      const form = document.createElement("form");
      form.id = id;
      document.body.append(form);
    }
  });
"""


@pytest.mark.parametrize("path", ["/page", "/page?modules"])
def test_a_page_whose_globals_are_full_of_other_things_can_be_chatted_on(
    open_page: OpenPage, gateway: FakeGateway, path: str
) -> None:
    page = open_page(path, prepare=lambda page: page.add_init_script(POLLUTION))
    chat = ChatPage(page).open().ask("hello", "You said: hello")
    chat.ask("Where is my order 8100240003?", "Visa ending 4242")
    chat.composer.fill("half a sentence")
    page.reload()
    expect(chat.composer).to_have_value("half a sentence")
    assert chat.texts()[:2] == ["hello", "You said: hello"]
    assert "extra" not in json.dumps([request.body for request in gateway.received])
    assert page.evaluate("h") == "taken"


def test_an_element_that_is_taken_out_and_put_back_twenty_times_goes_on(
    page: Page, gateway: FakeGateway
) -> None:
    chat = ChatPage(page).open().ask("hello", "You said: hello")
    chat.composer.fill("half a sentence")
    page.locator("shop-chat").evaluate(
        """async (shop) => {
          for (let turn = 0; turn < 20; turn += 1) {
            shop.remove();
            if (turn % 2) await new Promise(requestAnimationFrame);
            document.body.append(shop);
            if (turn % 3) await new Promise(requestAnimationFrame);
          }
        }"""
    )
    expect(chat.composer).to_have_value("half a sentence")
    chat.ask("still there", "You said: still there")
    assert chat.texts() == ["hello", "You said: hello", "still there", "You said: still there"]
    assert len(gateway.sessions) == 1


def test_two_elements_show_the_same_conversation_of_one_shopper(
    page: Page, gateway: FakeGateway
) -> None:
    chat = ChatPage(page).open().ask("hello", "You said: hello")
    page.evaluate("document.body.append(document.createElement('shop-chat'))")
    second = page.locator("shop-chat").nth(1).get_by_role("log", include_hidden=True)
    expect(second).to_contain_text("You said: hello")
    writing = page.locator("shop-chat").first.get_by_role("textbox")
    writing.fill("again")
    writing.press("Enter")
    for log in (chat.log.first, second):
        expect(log).to_contain_text("You said: again")
    assert len(gateway.sessions) == 1


def test_a_second_script_neither_fails_nor_adds_a_second_chat(page: Page) -> None:
    chat = ChatPage(page).open().ask("hello", "You said: hello")
    for address in ("/web/widget/widget.js?again", "/web/modules/widget.js"):
        page.add_script_tag(url=address, type="module")
    expect(page.locator("shop-chat")).to_have_count(1)
    chat.ask("again", "You said: again")
