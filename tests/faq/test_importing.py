from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.faq.articles import Article, load_articles, save_article
from bot.faq.importing import import_files
from bot.faq.problems import ArticleError
from tests.faq.conftest import DATA, EXPORT, SHIPPED, WriteFile

HAND_MADE = Article(
    "A?",
    "Old.",
    category="Mine",
    breadcrumb=("Shop", "Mine"),
    url="/a",
    updated_at=date(2026, 11, 20),
    phrasings=("is it a",),
    step="order_status",
)


def test_a_first_import_creates_every_article(folder: Path) -> None:
    report = import_files([EXPORT], folder / "new")
    assert [article.id for article in load_articles(folder / "new")] == list(report.created)
    assert (len(report.created), report.updated, report.unchanged) == (7, (), ())


def test_importing_again_changes_nothing(folder: Path) -> None:
    import_files([EXPORT], folder)
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    report = import_files([EXPORT], folder)
    assert (len(report.unchanged), report.created, report.updated) == (7, (), ())
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_importing_the_export_leaves_the_shipped_articles_as_they_are(folder: Path) -> None:
    for article in load_articles(SHIPPED):
        save_article(article, folder)
    assert len(import_files([EXPORT], folder).unchanged) == 7


def test_the_report_names_what_was_read_and_skipped(folder: Path) -> None:
    report = import_files([EXPORT], folder)
    assert len(report.read) == 7
    assert [one.place.line for one in report.skipped] == [1, 2, 3, 64]


def test_an_update_keeps_what_was_made_by_hand(write: WriteFile, folder: Path) -> None:
    save_article(HAND_MADE, folder)
    report = import_files([write("new.txt", "1. A?\nNew.")], folder)
    assert report.updated == ("a",)
    assert load_articles(folder) == (replace(HAND_MADE, answer="New."),)


def test_what_the_import_says_is_taken_and_phrasings_of_both_stay(
    write: WriteFile, folder: Path
) -> None:
    save_article(HAND_MADE, folder)
    head = "question: A\ncategory: Theirs\nurl: /b\nphrasings:\n- is it a\n- or b"
    import_files([write("new.md", f"---\n{head}\n---\nOld.")], folder)
    assert load_articles(folder) == (
        replace(
            HAND_MADE,
            question="A",
            category="Theirs",
            url="/b",
            phrasings=("is it a", "or b"),
        ),
    )


def test_an_article_is_updated_in_its_own_file_whatever_its_name(
    write: WriteFile, folder: Path
) -> None:
    path = write("help_center/more/mine.md", "---\nquestion: A?\n---\nOld.\n")
    import_files([write("new.txt", "1. A?\nNew.")], folder)
    assert "New." in path.read_text(encoding="utf-8")
    assert len(load_articles(folder)) == 1


def test_a_file_named_twice_is_read_once(folder: Path) -> None:
    assert len(import_files([EXPORT, EXPORT], folder).read) == 7


def test_when_one_file_cannot_be_read_nothing_is_written_and_all_problems_are_listed(
    write: WriteFile, folder: Path
) -> None:
    broken = write("broken.md", "---\nquestion: [\n---\nText")
    with pytest.raises(ArticleError) as caught:
        import_files([EXPORT, broken, folder / "missing.txt"], folder)
    assert [one.place.path.name for one in caught.value.found] == ["broken.md", "missing.txt"]
    assert list(folder.iterdir()) == []


def test_two_articles_with_one_id_are_refused_naming_both_places(
    write: WriteFile, folder: Path
) -> None:
    first, second = write("1.txt", "1. A?\nYes."), write("2.txt", "\n1. a\nNo.")
    with pytest.raises(ArticleError, match=r"2\.txt:2: its id a is also that of .*1\.txt:1"):
        import_files([first, second], folder)


def test_a_broken_article_in_the_folder_stops_the_import(write: WriteFile, folder: Path) -> None:
    write("help_center/broken.md", "text")
    with pytest.raises(ArticleError, match=r"broken\.md:1: no front matter"):
        import_files([EXPORT], folder)
    assert len(list(folder.iterdir())) == 1


def test_a_file_in_place_of_the_folder_is_refused(write: WriteFile) -> None:
    with pytest.raises(ArticleError, match="is not a folder"):
        import_files([EXPORT], write("file", "text"))


@pytest.mark.parametrize("path", sorted(DATA.rglob("*.*")), ids=lambda path: str(path.name))
def test_importing_any_format_again_keeps_what_was_made_by_hand(path: Path, folder: Path) -> None:
    files = sorted(path.parent.iterdir()) if path.parent != DATA else [path]
    first = import_files(files, folder)
    for article in load_articles(folder):
        by_hand = (*article.phrasings, f"my own words for {article.id}")
        save_article(replace(article, answer="Old.", phrasings=by_hand, step="wrong_item"), folder)
    again = import_files(files, folder)
    assert set(again.updated) == set(first.created)
    for article in load_articles(folder):
        assert article.answer != "Old."
        assert article.step == "wrong_item"
        assert article.phrasings[-1] == f"my own words for {article.id}"
    assert set(import_files(files, folder).unchanged) == set(first.created)


def test_a_broken_row_keeps_the_articles_of_all_other_formats_from_being_written(
    write: WriteFile, folder: Path
) -> None:
    broken = write("broken.csv", "question,answer\n,nobody asked\n")
    with pytest.raises(ArticleError, match=r"broken\.csv:2: there is no `question`"):
        import_files([DATA / "faq-accordion.html", DATA / "articles.jsonl", broken], folder)
    assert list(folder.iterdir()) == []


def test_two_formats_with_one_article_are_refused_naming_both_places(
    write: WriteFile, folder: Path
) -> None:
    page = write("a.html", "<p>a</p>\n<h2>Why?</h2>So.")
    table = write("b.csv", "question,answer\nWHY,So.\n")
    with pytest.raises(ArticleError, match=r"b\.csv:2: its id why is also that of .*a\.html:2"):
        import_files([page, table], folder)
