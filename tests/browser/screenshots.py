"""Pictures of the chat in every state, for docs/widget-states.md.

`python -m tests.browser.screenshots` takes them anew: a sheet a state, on a desk and on a phone,
light and dark.
"""

import shutil
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import ARGUMENTS
from tests.browser.fake_gateway import FakeGateway, Server
from tests.browser.states import STATES

DOCS = Path(__file__).resolve().parents[2] / "docs"
FOLDER = DOCS / "images" / "widget"
_SHEET = """<style>
body {{ margin: 0; display: flex; gap: 12px; padding: 12px; background: #8a8f98 }}
img {{ height: 620px }}
</style>{images}"""
_HEIGHT = 780
_PHONE_WIDTH = 390
# Wide enough for the chat to stand beside the page; what is shown is the side where it stands.
_DESK_WIDTH = 1024
_SHOWN_WIDTH = 460


def take_all(browser: Browser, gateway: FakeGateway) -> None:
    """Write a sheet for each state, and the page that shows them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.jpg"):
        old.unlink()
    for state in STATES:
        shots = [
            _take(browser, gateway, state, phone=phone, scheme=scheme)
            for phone in (False, True)
            for scheme in ("light", "dark")
        ]
        _write_sheet(browser, shots, FOLDER / f"{state.replace(' ', '-').lower()}.jpg")
        sys.stdout.write(f"{state}\n")
    _write_page()


def _take(browser: Browser, gateway: FakeGateway, state: str, *, phone: bool, scheme: Any) -> bytes:
    gateway.reset()
    width = _PHONE_WIDTH if phone else _DESK_WIDTH
    options: dict[str, Any] = {"is_mobile": True, "has_touch": True} if phone else {}
    context = browser.new_context(
        viewport={"width": width, "height": _HEIGHT},
        color_scheme=scheme,
        reduced_motion="reduce",
        locale="en-US",
        **options,
    )
    page = context.new_page()
    page.goto(gateway.url + "/page")
    STATES[state](ChatPage(page), gateway)
    _settle(page)
    shown = min(width, _SHOWN_WIDTH)
    launcher = page.locator("shop-chat").get_by_role("button", include_hidden=True).first
    box = launcher.bounding_box()
    x = 0 if box is not None and box["x"] < shown else width - shown
    shot = page.screenshot(clip={"x": x, "y": 0, "width": shown, "height": _HEIGHT})
    context.close()
    return shot


def _settle(page: Page) -> None:
    """Wait until the browser has drawn what the state came to."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)))")


def _write_sheet(browser: Browser, shots: list[bytes], path: Path) -> None:
    images = "".join(f'<img src="data:image/png;base64,{b64encode(s).decode()}">' for s in shots)
    page = browser.new_page(viewport={"width": 1420, "height": 644})
    page.set_content(_SHEET.format(images=images), wait_until="load")
    page.screenshot(path=path, type="jpeg", quality=62, full_page=True)
    page.close()


def _write_page() -> None:
    lines = [
        "# The widget in every state",
        "",
        "On a desk and on a phone, light and dark; made by `python -m tests.browser.screenshots`.",
        "In each of these states axe-core finds nothing (`tests/browser/test_accessibility.py`).",
        "",
    ]
    for state in STATES:
        name = state[0].upper() + state[1:]
        lines += [
            f"## {name}",
            "",
            f"![{name}](images/widget/{state.replace(' ', '-').lower()}.jpg)",
            "",
        ]
    (DOCS / "widget-states.md").write_text("\n".join(lines), encoding="utf-8")


def main() -> None:
    """Take them all."""
    gateway = FakeGateway()
    with Server(gateway), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=ARGUMENTS
        )
        take_all(browser, gateway)
        browser.close()


if __name__ == "__main__":
    main()
