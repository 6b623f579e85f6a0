"""The evaluation's report in a browser: readable by everyone, on a phone and a desktop."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Literal, cast

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from bot.evaluation.report import render
from tests.evaluation.samples import ARTICLE, report

pytestmark = pytest.mark.browser

Scheme = Literal["light", "dark"]

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("report") / "report.html"
    # Playwright's event loop runs in this thread, and evaluating needs one of its own.
    with ThreadPoolExecutor(1) as pool:
        made = pool.submit(report, warnings=["greet has 2 messages"]).result()
    path.write_text(render(made), "utf-8")
    return path.as_uri()


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> Scheme:
    return cast(Scheme, request.param)


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def page(
    request: pytest.FixtureRequest, browser: Browser, scheme: Scheme, address: str
) -> Iterator[Page]:
    context = browser.new_context(viewport=request.param, color_scheme=scheme)
    context.set_default_timeout(10_000)
    page = context.new_page()
    problems: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    yield page
    context.close()
    assert (problems, asked) == ([], [address])


def test_axe_finds_nothing(page: Page) -> None:
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
    assert Axe().run(page).response["violations"] == []


def test_nothing_is_wider_than_the_window(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_pictures_fill_their_place_in_the_colours_of_the_page(page: Page) -> None:
    text = page.evaluate("getComputedStyle(document.body).color")
    for picture in page.locator("figure svg").all():
        box = picture.bounding_box()
        assert box is not None
        assert box["width"] > 250
        assert box["height"] > 150
        assert (
            picture.locator('text[style*="--ink"]').first.evaluate(
                "text => getComputedStyle(text).fill"
            )
            == text
        )


def test_a_number_in_the_matrix_leads_to_its_messages(page: Page) -> None:
    page.get_by_title(f"{ARTICLE} taken for help").click()
    heading = page.locator(":target")
    assert heading.inner_text().replace("\u200b", "") == f"{ARTICLE} taken for help"
