"""An element that was taken out of the page leaves nothing behind."""

import time
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenPage
from tests.browser.fake_gateway import FakeGateway

pytestmark = pytest.mark.browser

# Opens a chat, and takes it out again as soon as it listens; timers of the page are counted.
_VISIT = """async (text) => {
  const shop = document.createElement("shop-chat");
  const said = new Promise((done) => shop.addEventListener("shop-chat-message", done));
  document.body.append(shop);
  shop.ask(text);
  await said;
  shop.remove();
}"""
_COUNT_TIMERS = """
  const { setTimeout: set, clearTimeout: clear, setInterval: repeat } = window;
  window.timers = new Set();
  window.setTimeout = (act, ms, ...more) => {
    const id = set((...values) => { timers.delete(id); act(...values); }, ms, ...more);
    timers.add(id);
    return id;
  };
  window.clearTimeout = (id) => { timers.delete(id); clear(id); };
  window.setInterval = (...values) => { timers.add("interval"); return repeat(...values); };
"""
_LIVING = ("JSEventListeners", "Nodes")


def _count(session: CDPSession) -> dict[str, Any]:
    """Return what is alive in the page once all that nobody needs is gone."""
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
    metrics = session.send("Performance.getMetrics")["metrics"]
    return {one["name"]: one["value"] for one in metrics if one["name"] in _LIVING}


def _wait_for_no_stream(gateway: FakeGateway) -> None:
    deadline = time.monotonic() + 10
    while gateway.open_streams and time.monotonic() < deadline:
        time.sleep(0.02)
    assert gateway.open_streams == 0


@pytest.fixture
def empty_page(open_page: OpenPage) -> Page:
    page = open_page(prepare=lambda page: page.add_init_script(_COUNT_TIMERS))
    page.locator("shop-chat").evaluate("shop => shop.remove()")
    return page


def test_streams_and_timers_end_with_the_element(empty_page: Page, gateway: FakeGateway) -> None:
    for turn in range(3):
        empty_page.evaluate(_VISIT, f"turn {turn}")
    _wait_for_no_stream(gateway)
    asked = len(gateway.received)
    gateway.conversation.type_as("agent", True)
    gateway.cut_streams()
    empty_page.evaluate("() => new Promise((done) => requestIdleCallback(done))")
    assert empty_page.evaluate("timers.size") == 0
    assert len(gateway.received) == asked


def test_nodes_and_listeners_end_with_the_element(empty_page: Page, gateway: FakeGateway) -> None:
    session = empty_page.context.new_cdp_session(empty_page)
    session.send("Performance.enable")
    for turn in range(2):
        empty_page.evaluate(_VISIT, f"turn {turn}")
    _wait_for_no_stream(gateway)
    before = _count(session)
    for turn in range(10):
        empty_page.evaluate(_VISIT, f"turn {turn}")
    _wait_for_no_stream(gateway)
    after = _count(session)
    assert after["JSEventListeners"] <= before["JSEventListeners"]
    assert after["Nodes"] <= before["Nodes"]


@pytest.mark.parametrize(
    ("module", "name"),
    [("shop-chat.js", "ShopChat"), ("client.js", "Conversation"), ("log.js", "MessageLog")],
)
def test_objects_of_the_element_end_with_it(
    open_page: OpenPage, gateway: FakeGateway, module: str, name: str
) -> None:
    page = open_page("/page?modules")
    expect(ChatPage(page).launcher).to_be_visible()
    page.locator("shop-chat").evaluate("shop => shop.remove()")
    for turn in range(10):
        page.evaluate(_VISIT, f"turn {turn}")
    _wait_for_no_stream(gateway)
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    prototype = session.send(
        "Runtime.evaluate",
        {
            "expression": f"import('/web/modules/{module}').then((it) => it.{name}.prototype)",
            "awaitPromise": True,
        },
    )
    objects = session.send(
        "Runtime.queryObjects", {"prototypeObjectId": prototype["result"]["objectId"]}
    )
    length = session.send(
        "Runtime.callFunctionOn",
        {
            "objectId": objects["objects"]["objectId"],
            "functionDeclaration": "function () { return this.length; }",
        },
    )
    assert length["result"]["value"] == 0
