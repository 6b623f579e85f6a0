"""What others wrote stays text and in its place, however it is written."""

from copy import deepcopy
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenPage
from tests.browser.fake_gateway import FakeGateway
from tests.browser.scripted_replies import ORDER_CARD, ORDER_LIST, PLACED_AT, SELLER, Reply

pytestmark = pytest.mark.browser

MARKUP = [
    '<img src=x onerror="window.hacked = 1">',
    "<script>window.hacked = 1</script>",
    '<svg onload="window.hacked = 1"><use href="data:image/svg+xml,x"/></svg>',
    "&lt;img src=x onerror=window.hacked=1&gt; &amp; &#60;b&#62; &nbsp;",
    '"><iframe srcdoc="<script>parent.hacked = 1</script>"></iframe>',
    "</textarea></dialog><style>* { display: none }</style>",
    "<!-- <![CDATA[ ]]> --> {{7*7}} ${7*7} %3Cscript%3E",
]
# U+202E turns round what follows it, and U+2067 isolates it; nothing here ends either.
TURNING = ["\u202eLevel", "\u2067Level", "\u202eLevel\u2067Up", "שלום"]
LONG_WORD = "W" * 2000

# Nothing that loads, runs or restyles, whatever it is called.
_FORBIDDEN = """shop => [...shop.shadowRoot.querySelectorAll("*")].filter(element =>
  element.matches("img, script, iframe, style, object, embed, link, base, meta, use, video, audio")
  || element.getAttributeNames().some(name => /^(on|src|style$)/.test(name)
       && !element.matches("textarea, dialog"))
).map(element => element.outerHTML)"""

# Texts of our own whose first letter does not stand before their last.
_TURNED = r"""(shop, ours) => {
  const walker = document.createTreeWalker(shop.shadowRoot, NodeFilter.SHOW_TEXT);
  const at = (node, index) => {
    const range = document.createRange();
    range.setStart(node, index);
    range.setEnd(node, index + 1);
    return range.getBoundingClientRect().left;
  };
  const turned = [];
  const seen = new Set();
  for (let node; (node = walker.nextNode());)
    for (const text of ours)
      for (const match of node.data.matchAll(new RegExp(text, "g"))) {
        seen.add(text);
        const end = match.index + match[0].length - 1;
        if (at(node, match.index) >= at(node, end)) turned.push(node.data);
      }
  return [turned, ours.filter((text) => !seen.has(text))];
}"""

# Boxes whose content is wider than they are.
_TOO_WIDE = """shop => [shop.ownerDocument.documentElement,
  ...shop.shadowRoot.querySelectorAll("dialog, dialog *")]
  .filter(({ scrollWidth, clientWidth }) => clientWidth && scrollWidth > clientWidth + 1)
  .map(({ outerHTML }) => outerHTML.slice(0, 200))"""


@pytest.fixture
def chat(page: Page) -> ChatPage:
    return ChatPage(page).open().ask("hello", "You said: hello")


def _in_every_field(text: str) -> dict[str, Any]:
    """Return a message that has `text` wherever others have a say; a status is a word of ours."""
    order: dict[str, Any] = deepcopy(ORDER_CARD)
    for item in order["items"]:
        item.update(title=text, variant=text)
    order.update(number=text, payment=text, cancel_reason=text)
    order["seller"]["name"] = text
    order["shipment"].update(carrier=text, tracking_number=text)
    order["address"] = {"recipient": text, "lines": [text, text]}
    orders = deepcopy(ORDER_LIST.cards[0])
    for entry in orders["orders"]:
        entry.update(number=text, summary=text)
    seller = {**SELLER.cards[0], "name": text, "order_number": text}
    source = {"article_id": "x", "title": text, "url": "/help/x", "updated_at": "2026-03-02"}
    return {
        "name": text,
        "text": text,
        "cards": [order, orders, seller],
        "choices": [{"id": "ch-odd", "title": text}],
        "sources": [source, {**source, "url": text}],
    }


def _call_shopper(page: Page, name: str) -> None:
    """Have the gateway say that this is the customer's name."""

    def rename(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, json={**response.json(), "customer": {"name": name}})

    page.route("**/api/v1/sessions", rename)


def _shop(page: Page, script: str, *arguments: Any) -> Any:
    return page.locator("shop-chat").evaluate(script, *arguments)


@pytest.mark.parametrize("text", MARKUP)
def test_markup_is_shown_and_not_obeyed(page: Page, gateway: FakeGateway, text: str) -> None:
    _call_shopper(page, text)
    chat = ChatPage(page).open()
    expect(chat.log).to_contain_text(text)  # in the welcome
    chat.say(text)
    expect(chat.log.locator(".bubble")).to_contain_text([text, text])
    for sender in ("bot", "agent", "system", "shopper"):
        gateway.conversation.say(sender, Reply(""), **_in_every_field(text))
    chat.ask("the end", "You said: the end")
    expect(chat.log.locator(".bubble").nth(3)).to_contain_text(text)
    assert _shop(page, _FORBIDDEN) == []
    assert page.evaluate("window.hacked") is None


ODD_ADDRESSES = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    " javascript:alert(1)",
    "vbscript:x",
    "data:text/html,<script>alert(1)</script>",
    "blob:https://shop.example/1",
    "file:///etc/passwd",
    "about:blank",
    "https://shop.example@evil.example/",
    "https://:secret@evil.example/",
    "https://[",
    "http://",
]


def test_an_address_that_is_not_safe_to_follow_is_no_link(
    chat: ChatPage, gateway: FakeGateway
) -> None:
    for address in ODD_ADDRESSES:
        source = {"article_id": "x", "title": "A source", "url": address, "updated_at": None}
        gateway.conversation.say("bot", Reply(f"[A link]({address})", sources=[source]))
    chat.ask("the end", "You said: the end")
    expect(chat.log.get_by_text("A source")).to_have_count(len(ODD_ADDRESSES))
    assert [link.get_attribute("href") for link in chat.log.locator("a").all()] == []


@pytest.mark.parametrize("address", ["//evil.example/a", "https://evil.example\\@shop.example/"])
def test_an_address_that_hides_its_server_opens_beside_the_shop(
    chat: ChatPage, gateway: FakeGateway, address: str
) -> None:
    gateway.conversation.say("bot", Reply(f"[A link]({address})"))
    link = chat.log.get_by_role("link", name="A link")
    assert "://evil.example/" in str(link.get_attribute("href"))
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", "noopener")


@pytest.mark.parametrize("text", TURNING)
def test_text_that_turns_the_reading_direction_turns_only_itself(
    chat: ChatPage, gateway: FakeGateway, text: str
) -> None:
    gateway.conversation.say("agent", Reply(""), **_in_every_field(text), at=PLACED_AT)
    expect(chat.log.locator(".message .card")).to_have_count(3)
    ours = [
        "Oct 2, 2026",
        r"\$89.90",
        "Order",
        "Usually replies within 12 hours",
        "Tracking number",
    ]
    ours += [r"\d+:\d\d [AP]M", "Reviewed Mar 2, 2026", "2 × "]
    assert _shop(chat.page, _TURNED, ours) == [[], []]


@pytest.mark.parametrize(
    "viewport",
    [{"width": 1280, "height": 720}, {"width": 320, "height": 640}],
    ids=["desk", "phone"],
)
def test_a_word_of_2000_letters_makes_nothing_wider(
    open_page: OpenPage, gateway: FakeGateway, viewport: dict[str, int]
) -> None:
    page = open_page(viewport=viewport)
    _call_shopper(page, LONG_WORD)
    chat = ChatPage(page).open()
    expect(chat.log).to_contain_text(LONG_WORD)
    assert _shop(page, _TOO_WIDE) == []
    chat.say(LONG_WORD)
    for sender in ("bot", "agent"):
        gateway.conversation.say(sender, Reply(""), **_in_every_field(LONG_WORD))
    chat.ask("the end", "You said: the end")
    assert _shop(page, _TOO_WIDE) == []


def test_a_text_made_to_be_slow_to_read_is_shown(chat: ChatPage, gateway: FakeGateway) -> None:
    for piece in ("**a", "[a](b", "https://!", "\\*", "- 1. ", "[" * 9, "** ", "((", "# "):
        gateway.conversation.say("bot", Reply(piece * (20_000 // len(piece))))
    chat.ask("the end", "You said: the end")


def _without(*keys: str, **changes: Any) -> dict[str, Any]:
    message = {"sender": "bot", "at": PLACED_AT, **changes}
    return {key: value for key, value in message.items() if key not in keys}


def _card(**changes: Any) -> dict[str, Any]:
    return _without(cards=[{**ORDER_CARD, **changes}])


def _orders(**changes: Any) -> dict[str, Any]:
    orders = [{**ORDER_LIST.cards[0]["orders"][0], **changes}] * 2
    return _without(cards=[{"type": "order_list", "orders": orders}])


ODD_MESSAGES: dict[str, dict[str, Any]] = {
    "only what must be there": _without("at"),
    "unknown sender": _without(sender="ghost"),
    "no sender": _without("sender"),
    "no date": _without(at="the other day"),
    "date that never comes": _without(at="+275761-01-01T00:00:00Z"),
    "numbers for words": _without(name=7, choices=[{"id": 1, "title": 2}]),
    "empty card": _without(cards=[{}]),
    "no card at all": _without(cards=[None]),
    "newer card": _without(cards=[{"type": "hologram", "depth": 3}]),
    "order without anything": _without(cards=[{"type": "order"}]),
    "orders without anything": _without(cards=[{"type": "order_list"}]),
    "orders that are none": _orders(number=None, summary=None, placed_at=None),
    "seller without anything": _without(cards=[{"type": "seller"}]),
    "items that are none": _card(items=None, items_left_out=None),
    "negative money": _card(total_minor=-500, shipping_minor=-1),
    "huge money": _card(total_minor=10**30, items_left_out=10**30),
    "money that is a word": _card(total_minor="a lot"),
    "no money": _card(total_minor=None, shipping_minor=None),
    "unknown currency": _card(currency="QQQ"),
    "no currency": _card(currency=None),
    "odd currency": _card(currency="<b>"),
    "unknown status": _card(status="teleported", status_text="Teleported"),
    "address without lines": _card(address={}),
    "odd dates": _card(placed_at="yesterday", shipment={"shipped_at": 5}),
    "odd sources": _without(sources=[{"title": "T", "url": 5, "updated_at": "?"}, {}]),
}


def test_a_message_with_odd_fields_is_shown_as_far_as_it_can_be(
    chat: ChatPage, gateway: FakeGateway
) -> None:
    for name, message in ODD_MESSAGES.items():
        seq = gateway.conversation.last_seq + 1
        odd = {"seq": seq, "id": f"m{seq}", "text": name, **message}
        gateway.conversation.messages.append(odd)
    gateway.conversation.say("bot", Reply("The end"))
    expect(chat.log).to_contain_text("The end")
    assert chat.texts()[2:] == [*ODD_MESSAGES, "The end"]
    expect(chat.dialog).not_to_contain_text("Connection lost")


def test_a_message_without_words_is_what_else_it_holds(
    chat: ChatPage, gateway: FakeGateway
) -> None:
    choices = [{"id": "ch-1", "title": "Go on"}]
    gateway.conversation.say("bot", Reply(""), text=None, choices=choices)
    expect(chat.button("Go on")).to_be_visible()
    assert chat.texts() == ["hello", "You said: hello"]


ODD_EVENTS = [
    "event: hologram\ndata: {}\n\n",
    "event: typing\ndata: {}\n\n",
    "event: state\ndata: {}\n\n",
    "data: {}\n\n",
    "event: message\n\n",
    "retry: 5\n\n",
    ": a comment\n\n",
    "\n\n\n\n",
    "event: message\ndata: {oops\n\n",
]


def test_an_event_that_is_not_understood_is_passed_over(
    chat: ChatPage, gateway: FakeGateway
) -> None:
    for event in ODD_EVENTS:
        gateway.conversation.tell(event)
    chat.ask("still there", "You said: still there")
    gateway.conversation.say("agent", Reply("And so am I"))
    expect(chat.log).to_contain_text("And so am I")
    assert chat.texts()[2:] == ["still there", "You said: still there", "And so am I"]


def test_a_state_that_is_not_known_says_nothing_wrong(chat: ChatPage, gateway: FakeGateway) -> None:
    gateway.conversation.state = "dreaming"
    chat.ask("still there", "You said: still there")
    expect(chat.dialog).not_to_contain_text("undefined")
