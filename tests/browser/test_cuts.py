"""Two hundred cuts while both sides talk: both ends hold the same, in the same order, once."""

import random
import sys

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chat_page import ChatPage
from tests.browser.cutting_proxy import CuttingProxy
from tests.browser.real_gateway import RealGateway

pytestmark = [pytest.mark.browser, pytest.mark.timeout(150)]

SEED = 7
SETTLED_WITHIN_MS = 40_000


class Talk:
    """Shoppers in some tabs and an agent, who talk over a network that breaks."""

    def __init__(self, gateway: RealGateway, browser: Browser, tabs: int) -> None:
        self.gateway = gateway
        self.dice = random.Random(SEED)  # noqa: S311 - the same cuts at every run
        self.said: list[list[str]] = [[] for _ in range(tabs)]
        self.said_by_agent: list[str] = []
        self._proxy = CuttingProxy(gateway.port, random.Random(SEED))  # noqa: S311 - as above
        gateway.run(self._proxy.start())
        context = browser.new_context(reduced_motion="reduce")
        self._pages = [context.new_page() for _ in range(tabs)]
        self.chats = [self._open(page) for page in self._pages]

    def _open(self, page: Page) -> ChatPage:
        page.goto(f"http://127.0.0.1:{self._proxy.port}/page")
        return ChatPage(page).open()

    def begin(self) -> None:
        """Say something, so that there is a conversation."""
        self.chats[0].ask("shopper 0.0", "echo shopper 0.0")
        self.said[0].append("shopper 0.0")
        for chat in self.chats:
            chat.log.get_by_text("echo shopper 0.0").wait_for()
        (self.conversation_id,) = self.gateway.conversations()

    def go_on_over(self, cuts: int) -> None:
        """Talk until the network has broken so often."""
        self.gateway.run(self._proxy.cut(cuts))
        while not self._proxy.is_done:
            self._say_something()
        sys.stdout.write(f"seed {SEED}, cuts {self._proxy.cuts}\n")

    def _say_something(self) -> None:
        tab = self.dice.randrange(len(self.chats))
        text = f"shopper {tab}.{len(self.said[tab])}"
        self.chats[tab].say(text)
        self.said[tab].append(text)
        if self.dice.random() < 0.5:
            text = f"agent {len(self.said_by_agent)}"
            self.gateway.say_as_agent(self.conversation_id, text)
            self.said_by_agent.append(text)
        self._pages[tab].wait_for_timeout(self.dice.uniform(0, 250))

    def settle(self) -> list[tuple[str, str]]:
        """Wait until all is sent, answered and shown; return what the gateway has stored."""
        said = sum(map(len, self.said))
        for chat in self.chats:
            last = chat.log.locator(".bubble").nth(2 * said + len(self.said_by_agent) - 1)
            last.wait_for(timeout=SETTLED_WITHIN_MS)
        return self.gateway.transcript(self.conversation_id)

    def end(self) -> None:
        self._pages[0].context.close()
        self.gateway.run(self._proxy.stop())


@pytest.mark.parametrize(("tabs", "cuts"), [(1, 200), (2, 60)])
def test_cuts_at_random_moments_lose_nothing_and_repeat_nothing(
    real_gateway: RealGateway,
    browser: Browser,
    request: pytest.FixtureRequest,
    tabs: int,
    cuts: int,
) -> None:
    talk = Talk(real_gateway, browser, tabs)
    request.addfinalizer(talk.end)
    talk.begin()
    talk.go_on_over(cuts)
    stored = talk.settle()
    for chat in talk.chats:
        assert chat.texts() == [text for _, text in stored]
    shoppers = [text for sender, text in stored if sender == "shopper"]
    for tab, said in enumerate(talk.said):
        assert [text for text in shoppers if text.startswith(f"shopper {tab}.")] == said
    assert [text for sender, text in stored if sender == "agent"] == talk.said_by_agent
    answers = [text for sender, text in stored if sender == "bot"]
    assert answers == [f"echo {text}" for text in shoppers]
    assert real_gateway.conversations() == [talk.conversation_id]
