"""A browser, a fake gateway, and pages that report what goes wrong in them."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.fake_gateway import FakeGateway, Server
from tests.browser.gateway_contract import Contract
from tests.browser.real_gateway import RealGateway

ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
    # A page that a test answers for itself counts as one from afar, which may not ask this machine.
    "--disable-features=LocalNetworkAccessChecks",
]

OpenPage = Callable[..., Page]
Prepare = Callable[[Page], object]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        executable = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def gateway_server() -> Iterator[FakeGateway]:
    gateway = FakeGateway()
    with Server(gateway):
        yield gateway


@pytest.fixture(scope="session")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    return Contract.of_the_gateway(tmp_path_factory.mktemp("described"))


@pytest.fixture
def gateway(gateway_server: FakeGateway, contract: Contract) -> Iterator[FakeGateway]:
    """A gateway that is asked nothing which the real one would refuse to read."""
    gateway_server.reset()
    yield gateway_server
    faults = [
        fault
        for request in gateway_server.received
        for fault in contract.request_faults(request.method, request.path, request.body)
    ]
    assert faults == []


@pytest.fixture
def real_gateway(tmp_path: Path) -> Iterator[RealGateway]:
    """The gateway itself, with a brain that repeats what it is told."""
    with RealGateway(tmp_path) as gateway:
        yield gateway


@pytest.fixture
def open_page(browser: Browser, gateway: FakeGateway) -> Iterator[OpenPage]:
    """Open a page in a fresh profile; no script of it may fail or be blocked by its policy."""
    contexts = []
    problems: list[str] = []

    def note(message: Any) -> None:
        if "Content Security Policy" in message.text:
            problems.append(message.text)

    def open_page(path: str = "/page", prepare: Prepare | None = None, **options: Any) -> Page:
        # Whoever measures something on its way in measures chance.
        context = browser.new_context(**{"reduced_motion": "reduce", **options})
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", note)
        if prepare:
            prepare(page)
        page.goto(urljoin(gateway.url, path))
        return page

    yield open_page
    for context in contexts:
        context.close()
    gateway.cut_streams()
    assert problems == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()
