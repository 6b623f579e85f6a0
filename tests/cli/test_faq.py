import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import RunBot
from tests.trained_model import ROOT

EXPORT = ROOT / "tests" / "faq" / "data" / "placing-orders.txt"


@pytest.fixture(autouse=True)
def _encoder(project: Path) -> None:
    """Give the project the encoder that its pipeline names."""
    (project / "models").mkdir()
    (project / "models" / "encoder").symlink_to(ROOT / "models" / "encoder")


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


def test_a_project_whose_encoder_is_away_is_told_how_to_get_it(bot: RunBot, project: Path) -> None:
    (project / "models" / "encoder").unlink()
    outcome = bot("faq", "check")
    assert outcome.code == 2
    assert outcome.err.startswith("bot: models/encoder: no encoder here")


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


def test_warnings_alone_are_no_failure(bot: RunBot, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\nquestion: A?\n---\nText\n", "utf-8")
    outcome = bot("faq", "check", str(tmp_path), "--review-days", "30")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.lines[-1] == f"{tmp_path}: checked, 2 warnings"


def test_an_empty_help_center_fails_and_is_named(bot: RunBot, tmp_path: Path) -> None:
    outcome = bot("faq", "check", str(tmp_path))
    assert outcome.code == 1
    assert outcome.lines[0].startswith(f"{tmp_path}: error: no article in it")


def test_checking_outside_a_project_says_what_was_left_out(bot: RunBot, tmp_path: Path) -> None:
    outcome = bot("faq", "check", str(ROOT / "data" / "help_center"), cwd=tmp_path)
    assert outcome.code == 0
    assert outcome.lines[:2] == [
        "not compared by meaning: there is no encoder here; run it in the project's folder",
        "not checked whether a rule answers them: this is no project's folder",
    ]


@pytest.mark.parametrize("config", ["pipeline: [", "language: en\n", ""])
def test_a_configuration_without_pipeline_is_named(bot: RunBot, project: Path, config: str) -> None:
    (project / "config.yml").unlink()
    (project / "config.yml").write_text(config, "utf-8")
    outcome = bot("faq", "check")
    assert (outcome.code, outcome.err) == (2, "bot: config.yml: no pipeline to be read there\n")


def test_a_real_page_becomes_articles_that_can_be_checked(bot: RunBot, tmp_path: Path) -> None:
    into = tmp_path / "articles"
    page = ROOT / "tests" / "faq" / "data" / "faq-accordion.html"
    imported = bot("faq", "import", str(page), "--into", str(into))
    assert [line.split()[0] for line in imported.lines].count("created") == 4
    checked = bot("faq", "check", str(into))
    assert checked.code == 0
