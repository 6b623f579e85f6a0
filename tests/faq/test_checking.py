from pathlib import Path

import pytest

from bot.faq.checking import check_articles
from bot.faq.problems import ArticleError
from tests.faq.conftest import SHIPPED, WriteFile

COMPLETE = "question: A?\ncategory: C\nupdated_at: 2026-11-20"


def findings(folder: Path) -> list[str]:
    return [str(one).removeprefix(f"{folder}/") for one in check_articles(folder)]


def test_the_shipped_articles_have_no_findings() -> None:
    assert check_articles(SHIPPED) == []


def test_a_missing_category_and_review_date_are_warnings(write: WriteFile, folder: Path) -> None:
    write("help_center/a.md", "---\nquestion: A?\n---\nText")
    assert [line[: line.index(";")] for line in findings(folder)] == [
        "a.md:2: warning: no `category`",
        "a.md:2: warning: no `updated_at`",
    ]


def test_a_file_that_is_not_named_after_its_question_is_a_warning(
    write: WriteFile, folder: Path
) -> None:
    write("help_center/b.md", f"---\n{COMPLETE}\n---\nText")
    assert findings(folder) == [
        "b.md:2: warning: the file is not named after its question; rename it to a.md"
    ]


def test_broken_files_and_double_ids_are_errors(write: WriteFile, folder: Path) -> None:
    write("help_center/a.md", f"---\n{COMPLETE}\n---\nText")
    write("help_center/a/a.md", f"---\n{COMPLETE}\n---\nText")
    write("help_center/c.md", "text")
    found = findings(folder)
    assert any(line.startswith("c.md:1: error: no front matter") for line in found)
    assert any("error: its id a is also that of" in line for line in found)


def test_markup_and_links_outside_the_subset_are_errors_with_their_line(
    write: WriteFile, folder: Path
) -> None:
    write("help_center/a.md", f"---\n{COMPLETE}\n---\n\nText\n\n# B\n\n[c](javascript:d)\n")
    assert [line[: line.index(";")] for line in findings(folder)] == [
        "a.md:9: error: the answer holds a heading",
        "a.md:11: error: the answer holds a link to javascript:d",
    ]


def test_markup_in_a_question_is_an_error(write: WriteFile, folder: Path) -> None:
    write("help_center/a.md", f"---\n{COMPLETE.replace('A?', 'A **B**?')}\n---\nText")
    assert findings(folder) == [
        "a.md:2: warning: the file is not named after its question; rename it to a_b.md",
        "a.md:2: error: the question holds Markdown; it is shown as a title, write plain text",
    ]


def test_a_wording_that_two_articles_claim_is_an_error(write: WriteFile, folder: Path) -> None:
    write("help_center/a.md", f"---\n{COMPLETE}\nphrasings:\n- Same\n- a?\n---\nText")
    write("help_center/b.md", f"---\n{COMPLETE.replace('A?', 'B?')}\nphrasings:\n- same\n---\nText")
    found = findings(folder)
    assert len(found) == 1
    assert found[0].startswith("b.md:2: error: 'same' is also in ")


def test_a_phrasing_with_a_marked_entity_is_an_error(write: WriteFile, folder: Path) -> None:
    write("help_center/a.md", f"---\n{COMPLETE}\nphrasings:\n- is [42](size) out\n---\nText")
    assert findings(folder) == [
        "a.md:2: error: 'is [42](size) out' marks an entity; write plain text"
    ]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="there is no such folder"):
        check_articles(tmp_path / "nowhere")
