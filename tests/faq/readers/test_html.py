from datetime import date
from pathlib import Path

import pytest

from bot.faq.articles import Article
from bot.faq.problems import ArticleError
from bot.faq.readers import read_file
from bot.faq.readers.html import HtmlReader
from bot.faq.readers.html_page import find_declared_encoding
from bot.faq.readers.reading import Reading
from tests.faq.conftest import DATA

PATH = Path("faq.html")


def read(text: str) -> Reading:
    return HtmlReader().read(text, PATH)


def articles(text: str) -> list[Article]:
    return [one.article for one in read(text).articles]


def questions(text: str) -> list[str]:
    return [one.question for one in articles(text)]


def skipped(reading: Reading) -> list[tuple[int | None, str]]:
    return [(one.place.line, one.text) for one in reading.skipped]


def test_an_accordion_with_sections_is_read_as_shoppers_see_it() -> None:
    reading = read_file(DATA / "faq-accordion.html")
    assert [(one.place.line, one.article.category) for one in reading.articles] == [
        (21, "Delivery"),
        (42, "Shipping times"),
        (59, "Shipping times"),
        (66, "Shipping costs"),
    ]
    assert reading.articles[1].article == Article(
        question="How long does delivery take?",
        answer=(
            "Usually **2 to 4 working days**:\n\n- Standard: 2–4 days\n"
            "- Express: next day, if ordered before 14:00\n  - not to islands\n\n"
            "See all [carriers](https://fjellandfern.example/help/carriers) and our "
            "[rates](https://fjellandfern.example/help/rates.html#express)."
        ),
        category="Shipping times",
        breadcrumb=("Home", "Help", "Delivery"),
        url="https://fjellandfern.example/help/delivery#delivery-time",
        updated_at=date(2026, 10, 5),
    )


def test_a_question_that_is_only_in_the_data_of_the_page_is_read_too() -> None:
    article = read_file(DATA / "faq-accordion.html").articles[0].article
    assert article.question == "Can I change my delivery day?"
    assert article.answer == "Yes, on the carrier’s page, **until 20:00** the evening before."


def test_everything_of_the_accordion_that_is_no_article_is_reported_by_line() -> None:
    assert skipped(read_file(DATA / "faq-accordion.html")) == [
        (38, "Everything about getting your gear to you."),
        (52, "Country Price Norway 49 kr"),
        (61, "Tracking e-mail"),
        (67, "Fern Club (javascript:openClub())"),
        (69, "Do you ship to Svalbard?"),
        (71, "Related How do I return something?"),
        (72, "Still have questions?"),
        (73, "Write to hello@fjellandfern.example."),
    ]


def test_an_old_page_of_headings_is_read_with_its_encoding_and_unclosed_tags() -> None:
    reading = read_file(DATA / "faq-headings.htm")
    found = [one.article for one in reading.articles]
    assert [(one.question, one.category) for one in found] == [
        ("How do I order a mug with a name?", "Ordering"),
        ("Which glazes are food safe?", "Ordering"),
        ("What if my parcel arrives broken?", "Returns"),
    ]
    assert "- umlauts (ä, ö, ü) are fine\n- emoji are not" in found[0].answer
    assert found[1].answer == (
        "All of them. Raku pieces are decoration only – see "
        "[Raku](https://kuebler-pottery.example/info/raku.html).\n\n**Dishwasher**\n\n"
        "Use the glass programme, 50 °C."
    )
    assert {one.updated_at for one in found} == {date(2026, 9, 1)}


def test_what_the_old_page_holds_besides_is_reported_by_line() -> None:
    reading = read_file(DATA / "faq-headings.htm")
    assert [line for line, _ in skipped(reading)] == [8, 10, 24, 30, 32]
    assert reading.skipped[-1].reason == "text below 'Payment on account', no question"


def test_microdata_tells_question_and_answer() -> None:
    found = [one.article for one in read_file(DATA / "faq-microdata.html").articles]
    assert [(one.question, one.answer, one.category, one.url) for one in found] == [
        (
            "How many days do I have to send something back?",
            "**30 days** from delivery.",
            "Returns",
            "/pages/returns-faq",
        ),
        (
            "Who pays the postage?",
            "We do, with the label in your [account](/account#returns).",
            "Returns",
            "/pages/returns-faq",
        ),
    ]


def test_definition_lists_and_bold_questions_are_read() -> None:
    found = [one.article for one in read_file(DATA / "faq-definitions.html").articles]
    assert [(one.question, one.phrasings) for one in found] == [
        ("Which cards do you take?", ()),
        ("Can I pay later?", ("Do you have invoices?",)),
        ("Is the wool mulesing free?", ()),
        ("What is the shell made of?", ()),
    ]
    assert found[1].answer.endswith("- **Private**: up to 5000 kr\n- **Companies**: no limit")
    assert found[3].answer == "Recycled polyester\nwithout PFAS."


def test_buttons_that_fold_their_answers_are_questions() -> None:
    page = (
        '<button class="accordion">Sizes +</button><div class="panel"><p>S to XL.</p></div>'
        '<button aria-expanded="false">Where is it?</button><div>Here.</div>'
    )
    assert [(one.question, one.answer) for one in articles(page)] == [
        ("Sizes", "S to XL."),
        ("Where is it?", "Here."),
    ]


def test_an_accordion_of_accordions_gives_categories() -> None:
    page = (
        "<details><summary>Paying</summary><details><summary>By card</summary>Yes.</details>"
        "</details>"
    )
    assert [(one.question, one.category) for one in articles(page)] == [("By card", "Paying")]


def test_a_page_with_one_question_as_its_title_is_one_article() -> None:
    page = (
        '<ol class="breadcrumb"><li>Help</li><li>Returns</li><li>How do I return it?</li></ol>'
        "<article><header><h1>How do I return it?</h1></header><h2>By post</h2><p>Label.</p>"
        "<details><summary>Address</summary>Oslo</details><aside>Mind the date.</aside></article>"
    )
    assert articles(page) == [
        Article(
            "How do I return it?",
            "**By post**\n\nLabel.\n\n**Address**\n\nOslo\n\nMind the date.",
            "Returns",
            ("Help", "Returns"),
        )
    ]


def test_a_question_below_another_one_is_an_article_of_its_own() -> None:
    page = "<h2>Can I pay later?</h2>Yes.<h3>How much later?</h3>30 days."
    assert questions(page) == ["Can I pay later?", "How much later?"]


def test_a_bold_question_below_a_heading_that_asks_is_a_part_of_the_answer() -> None:
    page = "<h2>How do I pay?</h2><p><b>By card?</b></p><p>Yes.</p>"
    assert articles(page) == [Article("How do I pay?", "**By card?**\n\nYes.")]


def test_the_same_article_twice_on_a_page_is_read_once_and_reported() -> None:
    page = "<h2>Why?</h2><p>So.</p>\n<h2>Why?</h2><p>So.</p>"
    reading = read(page)
    assert [one.article.question for one in reading.articles] == ["Why?"]
    assert skipped(reading) == [(2, "Why?")]


def test_headings_that_begin_like_questions_need_no_question_mark() -> None:
    page = "<h2>How to pay</h2>A<h2>Can I pay later</h2>B<h2>What we believe in</h2>C<h2>Is</h2>D"
    assert questions(page) == ["How to pay", "Can I pay later"]


def test_data_that_is_no_json_is_reported_and_the_page_read_all_the_same() -> None:
    page = '<script type="application/ld+json">{"@type": </script>\n<h2>Why?</h2>So.'
    reading = read(page)
    assert len(reading.articles) == 1
    assert reading.skipped[0].reason == "structured data that is not valid JSON"


def test_questions_within_an_element_named_after_something_else_are_found() -> None:
    page = '<div class="search-page"><h2>Why?</h2>So.</div><div id="share"><h3>Share</h3>X</div>'
    reading = read(page)
    assert [one.article.answer for one in reading.articles] == ["So."]
    assert [one.text for one in reading.skipped] == ["Share X"]


@pytest.mark.parametrize(
    "page",
    [
        "<h1>About us</h1><p>We make mugs.</p>",
        "<nav><h2>Where is it?</h2><p>Here.</p></nav>",
        "<h2>Where is it?</h2><img src=a.png>",
        "just text",
    ],
)
def test_a_page_without_an_answered_question_is_refused(page: str) -> None:
    with pytest.raises(ArticleError, match=r"faq\.html: no question with an answer found; a quest"):
        read(page)


def test_a_question_that_gives_no_id_is_refused_with_its_line() -> None:
    with pytest.raises(ArticleError, match=r"faq\.html:2: the question needs at least one letter"):
        read("<p>a</p>\n<h2>???</h2>b")


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        (b"<meta charset='utf-8'>", "utf-8"),
        (b'<meta http-equiv=Content-Type content="text/html; charset=ISO-8859-1">', "cp1252"),
        (b"<meta charset=shift_jis>", "shift_jis"),
        (b"<meta charset=utf-16>", "utf-8"),
        (b"<title>no word on it</title>", None),
    ],
)
def test_the_declared_encoding_is_found(head: bytes, encoding: str | None) -> None:
    assert find_declared_encoding(head) == encoding
