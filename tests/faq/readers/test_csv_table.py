from datetime import date
from pathlib import Path

import pytest

from bot.faq.articles import Article
from bot.faq.problems import ArticleError
from bot.faq.readers import read_file
from bot.faq.readers.csv_table import CsvReader
from bot.faq.readers.reading import Reading
from tests.faq.conftest import DATA

PATH = Path("faq.csv")


def read(text: str) -> Reading:
    return CsvReader().read(text, PATH)


def test_a_table_with_quoted_lines_is_read_with_the_lines_of_its_file() -> None:
    reading = read_file(DATA / "articles.csv")
    assert [one.place.line for one in reading.articles] == [2, 7, 10]
    assert reading.articles[0].article == Article(
        question="How do gift cards work?",
        answer="A gift card has a code. At checkout:\n\n- open **Gift card or code**\n"
        "- type the code",
        category="Gift cards",
        url="/help/gift-cards",
        updated_at=date(2026, 7, 30),
        phrasings=("how to use a gift card", "voucher code where", "giftcard"),
    )


def test_html_and_other_markup_in_answers_are_brought_into_the_subset() -> None:
    answers = [one.article.answer for one in read_file(DATA / "articles.csv").articles]
    assert answers[1] == "After **three years**."
    assert answers[2].startswith("**Sizes**\n\nFrom XS to 3XL, see the size guide at [https://")


def test_what_was_not_read_of_a_table_is_reported_by_line() -> None:
    reading = read_file(DATA / "articles.csv")
    assert [(one.place.line, one.text) for one in reading.skipped] == [
        (1, "internal notes"),
        (7, "old cards: one year"),
        (8, "Can I get money for a gift card?"),
        (10, "chart"),
        (10, "a heading, italics"),
    ]


def test_a_table_as_excel_writes_it_in_europe_is_read() -> None:
    reading = read_file(DATA / "articles-semicolon.csv")
    found = [(one.place.line, one.article.answer) for one in reading.articles]
    assert found == [
        (3, "By hand, cold; or have it cleaned."),
        (4, 'Yes, "for life": send the sleeping bag to our workshop in Ålesund.'),
    ]
    assert reading.articles[0].article.updated_at == date(2026, 8, 14)


def test_tabs_part_columns_in_any_order() -> None:
    (one,) = read_file(DATA / "articles.tsv").articles
    assert (one.article.question, one.article.category) == ("Do you sell to shops?", "Wholesale")


@pytest.mark.parametrize("text", ["Frage,Antwort\na,b\n", "Frage;Antwort\na;b\n"])
def test_wrong_columns_are_named_with_the_fix(text: str) -> None:
    with pytest.raises(ArticleError) as caught:
        read(text)
    assert str(caught.value) == (
        "faq.csv:1: there is no column `question` and no column `answer`; the columns are Frage, "
        "Antwort: rename them to question, answer, category, phrasings, url, updated_at"
    )


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ('A?,"yes\nno', "faq.csv:2: a text in quotes is not closed"),
        ('A?,yes\nB?,"a" b', "faq.csv:3: a quote within a text must be doubled"),
        ("A?,yes, no", "faq.csv:2: 3 cells for 2 columns; a text that holds the delimiter"),
        (",yes", "faq.csv:2: there is no `question`"),
        ("???,yes", "faq.csv:2: the question needs at least one letter"),
        ("A?,", "faq.csv: no question has an answer"),
        ("", "faq.csv: no question has an answer"),
        (f"A?,{'a' * 200_000}", "faq.csv:2: a text is longer than 131,072 characters"),
    ],
)
def test_a_broken_row_is_named_with_its_line(rows: str, message: str) -> None:
    with pytest.raises(ArticleError) as caught:
        read(f"question,answer\n{rows}")
    assert str(caught.value).startswith(message)


def test_a_column_that_is_there_twice_is_refused() -> None:
    with pytest.raises(ArticleError, match=r"faq\.csv:1: the column `answer` is there twice"):
        read("question,answer,Answer\nA?,a,b")


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("url", "www.shop.example", "`url` is 'www.shop.example'; start it with https://"),
        ("updated_at", "30.07.2026", "`updated_at` is '30.07.2026'; write a day such as"),
    ],
)
def test_a_wrong_value_is_refused_with_the_fix(column: str, value: str, message: str) -> None:
    with pytest.raises(ArticleError, match=message):
        read(f"question,answer,{column}\nA?,yes,{value}")


def test_all_broken_rows_are_listed_at_once() -> None:
    with pytest.raises(ArticleError) as caught:
        read("question,answer,url\nA?,yes,x\n,yes,\n")
    assert [one.place.line for one in caught.value.found] == [2, 3]
