import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bot.faq.articles import Article, LocatedArticle
from bot.faq.problems import Place
from bot.faq.web_links import check_web_links


class Shop(BaseHTTPRequestHandler):
    """Pages that are there, gone, closed to programs, moved, slow and endless."""

    asked: Counter[str]

    def do_HEAD(self) -> None:
        self.asked[f"HEAD {self.path}"] += 1
        if self.path == "/silent":
            self.server.hurry.wait(5)  # type: ignore[attr-defined]  # set by the fixture
        status = {"/gone": 404, "/closed": 403, "/no-head": 405, "/endless": 405}
        self._answer(status.get(self.path, 302 if self.path.startswith("/round") else 200))

    def do_GET(self) -> None:
        self.asked[f"GET {self.path}"] += 1
        self._answer({"/gone": 410, "/closed": 403}.get(self.path, 200))
        try:
            for _ in range(1_000 if self.path == "/endless" else 1):
                self.wfile.write(b"x" * 65_536)
                self.asked["bytes"] += 65_536
        except OSError:
            pass  # the reader has seen enough

    def _answer(self, status: int) -> None:
        self.send_response(status)
        if status == 302:
            self.send_header("Location", f"/round{self.path}")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Stay silent."""


@pytest.fixture
def shop() -> Iterator[str]:
    """The address of a running server of `Shop`."""
    Shop.asked = Counter()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    server.hurry = threading.Event()  # type: ignore[attr-defined]  # lets slow answers end
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.hurry.set()  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()


def check(*targets: str, url: str | None = None, timeout_s: float = 5.0) -> list[str]:
    answer = "\n".join(f"- [a]({target})" for target in targets)
    located = LocatedArticle(Article("A?", answer, url=url), Place(Path("a.md"), 2), answer_line=5)
    return [str(one) for one in check_web_links([located], timeout_s=timeout_s)]


def test_pages_that_are_there_are_fine_also_where_head_is_unknown(shop: str) -> None:
    assert check(f"{shop}/", f"{shop}/no-head", "/help", "mailto:a@shop.example") == []


def test_a_page_that_is_gone_is_an_error_with_its_line(shop: str) -> None:
    assert check(f"{shop}/", f"{shop}/gone") == [
        f"a.md:6: error: the link {shop}/gone is gone (410); link to another page, or remove it"
    ]


def test_the_address_of_the_article_is_fetched_too(shop: str) -> None:
    assert check(url=f"{shop}/gone#a")[0].startswith("a.md:2: error: the link ")


def test_a_page_closed_to_programs_is_a_warning(shop: str) -> None:
    assert check(f"{shop}/closed") == [
        f"a.md:5: warning: the link {shop}/closed answered 403; open it yourself"
    ]


def test_a_page_that_leads_in_circles_is_a_warning(shop: str) -> None:
    (found,) = check(f"{shop}/round")
    assert "warning: the link" in found
    assert found.endswith("leads on more than 5 times; link to where it ends")


def test_a_server_that_does_not_answer_is_a_warning_after_the_timeout(shop: str) -> None:
    (found,) = check(f"{shop}/silent", timeout_s=0.2)
    assert found.endswith("did not answer within 0.2 s; open it yourself")


def test_an_address_that_nobody_has_is_a_warning() -> None:
    (found,) = check("http://127.0.0.1:1/")
    assert "a.md:5: warning: the link http://127.0.0.1:1/ cannot be reached" in found


def test_a_page_is_fetched_once_and_named_wherever_it_is_linked(shop: str) -> None:
    found = check(f"{shop}/gone", f"{shop}/gone#a")
    assert [line.split(":")[1] for line in found] == ["5", "6"]
    assert Shop.asked["HEAD /gone"] == 1


def test_of_an_endless_page_only_the_start_is_read(shop: str) -> None:
    assert check(f"{shop}/endless") == []
    assert Shop.asked["bytes"] < 20_000_000
