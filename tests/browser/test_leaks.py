"""An element that was taken out of the page leaves nothing behind."""

import time
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenPage
from tests.browser.fake_gateway import FakeGateway

pytestmark = pytest.mark.browser

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


def _visit(page: Page, gateway: FakeGateway, times: int) -> None:
    """Have a chat come, hear an answer, and go, several times."""
    for _ in range(times):
        text = f"message {len(gateway.requests_to('/messages'))}"
        page.evaluate(
            """(text) => {
              const shop = document.createElement("shop-chat");
              document.body.append(shop);
              shop.ask(text);
            }""",
            text,
        )
        expect(ChatPage(page).log).to_contain_text(f"You said: {text}")
        page.locator("shop-chat").evaluate("shop => shop.remove()")
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
    _visit(empty_page, gateway, times=3)
    followed = len(gateway.requests_to("/events"))
    gateway.conversation.type_as("agent", True)
    gateway.cut_streams()
    empty_page.evaluate("() => new Promise((done) => requestIdleCallback(done))")
    assert empty_page.evaluate("timers.size") == 0
    assert len(gateway.requests_to("/events")) == followed


def test_nodes_and_listeners_end_with_the_element(empty_page: Page, gateway: FakeGateway) -> None:
    session = empty_page.context.new_cdp_session(empty_page)
    session.send("Performance.enable")
    _visit(empty_page, gateway, times=2)
    before = _count(session)
    _visit(empty_page, gateway, times=10)
    after = _count(session)
    assert after["JSEventListeners"] <= before["JSEventListeners"]
    assert after["Nodes"] <= before["Nodes"]


def test_objects_of_the_element_end_with_it(open_page: OpenPage, gateway: FakeGateway) -> None:
    page = open_page("/page?modules")
    expect(ChatPage(page).launcher).to_be_visible()
    page.locator("shop-chat").evaluate("shop => shop.remove()")
    _visit(page, gateway, times=10)
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    prototype = session.send(
        "Runtime.evaluate",
        {
            "expression": "customElements.get('shop-chat').prototype",
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
