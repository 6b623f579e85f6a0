from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.faq.checking import CheckPlan, check_articles
from bot.faq.problems import ArticleError
from bot.nlu.encoder import SentenceEncoder
from tests.faq.conftest import ROOT, SHIPPED, WriteFile

COMPLETE = "question: A?\ncategory: C\nupdated_at: 2026-11-20"


PLAN = CheckPlan(today=date(2026, 11, 24), review_days=365)


def findings(folder: Path, plan: CheckPlan = PLAN) -> list[str]:
    return [str(one).removeprefix(f"{folder}/") for one in check_articles(folder, plan)]


def test_the_shipped_articles_have_no_findings(encoder: SentenceEncoder) -> None:
    plan = replace(PLAN, encoder=encoder, project_dir=ROOT)
    assert check_articles(SHIPPED, plan) == []


def test_an_empty_help_center_is_an_error(folder: Path) -> None:
    assert str(check_articles(folder, PLAN)[0]) == (
        f"{folder}: error: no article in it; write one, or read some with bot faq import"
    )


def test_an_answer_of_a_hundred_thousand_characters_is_an_error_with_its_line(
    write: WriteFile, folder: Path
) -> None:
    write("help_center/a.md", f"---\n{COMPLETE}\n---\n\n{'a' * 100_000}")
    assert findings(folder) == [
        "a.md:7: error: the answer has 100,000 characters; at most 20,000 can be read in a chat: "
        "split it into several questions, or sum it up and link to the page"
    ]


@pytest.mark.parametrize(
    ("today", "message"),
    [
        (date(2027, 11, 20), None),
        (date(2027, 11, 21), "a.md:2: warning: last reviewed 366 days ago; read it again"),
        (date(2026, 11, 19), "a.md:2: warning: `updated_at` is 2026-11-20, a day to come"),
    ],
)
def test_a_review_that_is_too_old_or_still_to_come_is_a_warning(
    write: WriteFile, folder: Path, today: date, message: str | None
) -> None:
    write("help_center/a.md", f"---\n{COMPLETE}\n---\nText")
    found = findings(folder, replace(PLAN, today=today))
    assert [line.startswith(message or "nothing") for line in found] == [True] * bool(message)


def test_articles_are_compared_where_there_is_an_encoder(
    write: WriteFile, folder: Path, encoder: SentenceEncoder
) -> None:
    for name, question in (("a", "How do I return an item?"), ("b", "How do I return items?")):
        write(f"help_center/{name}.md", f"---\nquestion: {question}\n---\nBy post, {name}.")
    compared = [one for one in findings(folder, replace(PLAN, encoder=encoder)) if "like" in one]
    assert len(compared) == 1
    assert compared[0].startswith("b.md:2: warning: its question is ")


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
        check_articles(tmp_path / "nowhere", PLAN)
