from pathlib import Path

import pytest

from bot.faq.articles import Article
from bot.faq.problems import ArticleError
from bot.faq.readers.markdown import MarkdownReader
from bot.faq.readers.reading import Reading

PATH = Path("page.md")


def read(text: str) -> Reading:
    return MarkdownReader().read(text, PATH)


def articles(text: str) -> list[Article]:
    return [one.article for one in read(text).articles]


def test_a_file_with_front_matter_is_one_article() -> None:
    assert articles("---\nquestion: A?\ncategory: C\n---\n# B\n") == [Article("A?", "# B", "C")]


def test_second_level_headings_are_questions_of_the_category_above() -> None:
    found = articles("# Paying\n\n## A? ##\n\nYes.\n\n## B?\nNo.\n# Sending\n## C?\nMaybe.\n")
    assert found == [
        Article("A?", "Yes.", "Paying"),
        Article("B?", "No.", "Paying"),
        Article("C?", "Maybe.", "Sending"),
    ]


def test_first_level_headings_are_questions_where_there_is_nothing_below() -> None:
    assert articles("# A?\n\nYes.\n\n### More\n\nMuch.\n") == [
        Article("A?", "Yes.\n\n### More\n\nMuch.")
    ]


def test_a_hash_within_code_is_no_heading() -> None:
    assert articles("# A?\n```\n# no\n```\n")[0].answer == "```\n# no\n```"


def test_text_that_belongs_to_no_question_is_reported_by_line() -> None:
    reading = read("Hello\n\n# Paying\nIntro\n## A?\nYes.\n## B?\n")
    assert [(one.place.line, one.text) for one in reading.skipped] == [
        (1, "Hello"),
        (4, "Intro"),
        (7, "B?"),
    ]


def test_articles_are_placed_at_their_headings() -> None:
    assert [one.place.line for one in read("# P\n\n## A?\nYes.\n## B?\nNo.").articles] == [3, 5]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Hello", "page.md: no question found; start with a line"),
        ("# A?\n", "page.md: no question has an answer; write it below its heading"),
        ("# ???\nText", "page.md:1: the question needs at least one letter"),
    ],
)
def test_a_page_without_usable_questions_is_refused(text: str, message: str) -> None:
    with pytest.raises(ArticleError, match=message):
        read(text)
