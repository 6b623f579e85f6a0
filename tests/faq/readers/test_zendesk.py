import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.faq.articles import Article
from bot.faq.importing import import_files
from bot.faq.problems import ArticleError
from bot.faq.readers import read_file
from bot.faq.readers.json_file import JsonReader
from bot.faq.readers.reading import Reading
from tests.faq.conftest import DATA

PATH = Path("export.json")


def read(value: Any) -> Reading:
    return JsonReader().read(json.dumps(value), PATH)


def article(**values: Any) -> dict[str, Any]:
    return {"title": "A?", "body": "<p>a</p>", **values}


def test_an_export_gives_its_public_articles() -> None:
    reading = read_file(DATA / "zendesk.json")
    assert [one.place.line for one in reading.articles] == [9, 21]
    assert reading.articles[0].article == Article(
        question="How do I return an item?",
        answer=(
            "**Within 30 days**\n\n1. Open [your account](https://fjellandfern.example/account).\n"
            "2. Choose the item and **print the label**.\n\nMore in "
            "[Refunds](https://help.fjellandfern.example/hc/en-us/articles/360001234502)."
        ),
        category="Returns",
        breadcrumb=("Shopping & service", "Orders", "Returns"),
        url="https://help.fjellandfern.example/hc/en-us/articles/"
        "360001234501-How-do-I-return-an-item",
        updated_at=date(2026, 10, 28),
    )


def test_articles_that_are_not_for_every_shopper_are_reported_by_line() -> None:
    skipped = read_file(DATA / "zendesk.json").skipped
    assert [(one.place.line, one.reason.partition(";")[0]) for one in skipped] == [
        (9, "an image"),
        (29, "a draft"),
        (34, "written for the locale de"),
        (39, "only a part of the users may see it"),
        (45, "an embedded page or video"),
        (45, "an article without text"),
    ]


def test_files_of_one_endpoint_each_are_read_together() -> None:
    reading = read_file(DATA / "zendesk" / "articles.json")
    assert {one.article.breadcrumb[0] for one in reading.articles} == {"Shopping & service"}
    assert reading.skipped[0].text == "next_page"


def test_all_files_of_an_export_may_be_named_at_once(folder: Path) -> None:
    files = sorted((DATA / "zendesk").iterdir())
    assert len(import_files(files, folder).created) == 2


def test_sections_alone_are_refused(folder: Path, tmp_path: Path) -> None:
    shutil.copy(DATA / "zendesk" / "sections.json", tmp_path)
    with pytest.raises(ArticleError, match=r"sections\.json:1: sections: no articles; read with"):
        import_files([tmp_path / "sections.json"], folder)


def test_articles_without_sections_have_no_category() -> None:
    (one,) = read({"articles": [article(section_id=1)], "next_page": None}).articles
    assert one.article == Article("A?", "a")


def test_a_list_of_articles_and_a_list_of_pages_are_read_too() -> None:
    assert len(read([article()]).articles) == 1
    pages = [{"articles": [article()]}, {"articles": [article(title="B?")]}]
    assert [one.article.id for one in read(pages).articles] == ["a", "b"]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"articles": []}, "export.json: there is no article in it that shoppers may read"),
        ({"articles": [1]}, "export.json:1: is no article of a Zendesk export: it has no `title`"),
        ({"articles": [article(draft=True)]}, "export.json:1: 'A?' skipped: a draft; publish it"),
        ({"articles": [article(outdated=True)]}, "export.json:1: 'A?' skipped: marked as outdated"),
        ({"articles": [article(body=None)]}, "export.json:1: 'A?' skipped: an article without"),
        ({"articles": [article(title="?")]}, "export.json:1: the question needs at least one"),
    ],
)
def test_an_export_without_an_article_to_show_is_refused(value: Any, message: str) -> None:
    with pytest.raises(ArticleError) as caught:
        read(value)
    assert str(caught.value).startswith(message)


def test_sections_that_contain_each_other_end_somewhere() -> None:
    sections = [
        {"id": 1, "name": "One", "parent_section_id": 2},
        {"id": 2, "name": "Two", "parent_section_id": 1},
    ]
    (one,) = read({"articles": [article(section_id=1)], "sections": sections}).articles
    assert one.article.breadcrumb == ("Two", "One")
