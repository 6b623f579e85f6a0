import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import RunBot
from tests.trained_model import ROOT

EXPORT = ROOT / "tests" / "faq" / "data" / "placing-orders.txt"


def test_the_export_becomes_seven_articles_and_stays_seven(bot: RunBot, tmp_path: Path) -> None:
    first = bot("faq", "import", str(EXPORT), "--into", str(tmp_path / "articles"))
    again = bot("faq", "import", str(EXPORT), "--into", str(tmp_path / "articles"))
    assert [line.split()[0] for line in first.lines].count("created") == 7
    assert [line.split()[0] for line in again.lines].count("unchanged") == 7
    assert len(list((tmp_path / "articles").glob("*.md"))) == 7


def test_importing_tells_what_it_skipped(bot: RunBot, tmp_path: Path) -> None:
    outcome = bot("faq", "import", str(EXPORT), "--into", str(tmp_path / "articles"))
    skipped = [line for line in outcome.lines if line.startswith("skipped ")]
    assert skipped
    assert all("placing-orders.txt" in line for line in skipped)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00broken", b""])
def test_a_file_that_cannot_be_read_imports_nothing(
    bot: RunBot, tmp_path: Path, content: bytes | None
) -> None:
    broken = tmp_path / "broken.txt"
    if content is not None:
        broken.write_bytes(content)
    into = tmp_path / "articles"
    outcome = bot("faq", "import", str(EXPORT), str(broken), "--into", str(into))
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1
    assert "broken.txt" in outcome.err
    assert not list(into.glob("*.md"))


def test_the_shipped_articles_are_in_order(bot: RunBot) -> None:
    outcome = bot("faq", "check")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.lines[-1].startswith("data/help_center: checked")


def test_an_article_that_needs_mending_is_named(bot: RunBot, tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    shutil.copytree(ROOT / "data" / "help_center", articles)
    (articles / "broken.md").write_text("---\nquestion: [\n---\nanswer\n", "utf-8")
    outcome = bot("faq", "check", str(articles))
    assert outcome.code == 1
    assert any("broken.md" in line for line in outcome.lines)
    assert outcome.err.count("\n") == 1
