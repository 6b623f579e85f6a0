from pathlib import Path

import pytest

from bot.faq.articles import Article, load_articles
from bot.faq.problems import ArticleError
from bot.faq.readers import read_file
from bot.faq.readers.reading import Reading
from bot.faq.readers.text_export import TextExportReader, clean
from tests.faq.conftest import EXPORT, SHIPPED

PATH = Path("export.txt")


def read(text: str) -> Reading:
    return TextExportReader().read(text, PATH)


def articles(text: str) -> list[Article]:
    return [one.article for one in read(text).articles]


def skipped(text: str) -> list[str]:
    return [str(one) for one in read(text).skipped]


def test_the_exported_page_gives_the_seven_shipped_questions_and_answers() -> None:
    exported = {(one.article.question, one.article.answer) for one in read_file(EXPORT).articles}
    assert exported == {(one.question, one.answer) for one in load_articles(SHIPPED)}


def test_the_exported_page_has_its_category_and_breadcrumb() -> None:
    for one in read_file(EXPORT).articles:
        assert one.article.category == "Placing orders"
        assert one.article.breadcrumb == ("System", "SHIPPING", "Service", "Placing orders")


def test_every_word_of_the_exported_answers_is_kept() -> None:
    reading = read_file(EXPORT)
    kept = " ".join(f"{one.article.question} {one.article.answer}" for one in reading.articles)
    left_out = " ".join(one.text for one in reading.skipped)
    head = "Placing orders System > SHIPPING > Service > Placing orders"
    words = clean(EXPORT.read_text(encoding="utf-8")).replace("•", "").split()
    numbers = {f"{number}." for number in range(1, 8)}
    known = set(f"{kept} {left_out} {head}".split()) | numbers
    assert [word for word in words if word not in known] == []


def test_the_empty_shells_of_the_exported_page_are_reported_by_line() -> None:
    reported = [(one.place.line, one.text) for one in read_file(EXPORT).skipped]
    assert reported == [
        (1, "There are no items in the shopping cart."),
        (2, "Document help center"),
        (3, "Article category list"),
        (64, "* content:"),
    ]


def test_an_article_is_placed_at_the_line_of_its_question() -> None:
    assert [one.place.line for one in read_file(EXPORT).articles[:2]] == [9, 16]


def test_a_paragraph_before_the_bullets_stays_a_paragraph() -> None:
    answer = read_file(EXPORT).articles[-1].article.answer
    assert answer.startswith("Please check the order status:\n\n- If the order status is Awaiting")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (r"you\\\\\\\'d", "you'd"),
        ("the\u00a0  item ", "the item"),
        (r"C:\folder", r"C:\folder"),
        ("zero\u200bwidth", "zerowidth"),
        ("\u00a0 \u00a0", ""),
    ],
)
def test_what_scraping_left_in_a_line_is_dropped(raw: str, expected: str) -> None:
    assert clean(raw) == expected


def test_numbered_steps_belong_to_the_answer() -> None:
    text = "1. How do I pay?\n1. Open the cart.\n2. Choose a card.\n\n2. Can I return it?\nYes."
    assert [one.answer for one in articles(text)] == [
        "1. Open the cart.\n2. Choose a card.",
        "Yes.",
    ]


def test_titles_without_question_mark_are_questions_where_their_number_fits() -> None:
    found = articles("1. Paying\n• By card.\n\n2. Returns\n• By post.")
    assert [one.question for one in found] == ["Paying", "Returns"]


def test_a_line_that_the_export_broke_is_joined() -> None:
    assert articles("1. A?\n• one\ntwo\n\nthree\n  four")[0].answer == "- one two\n\nthree four"


def test_a_second_breadcrumb_opens_a_section_with_its_own_category() -> None:
    text = "Shop > Pay\n1. A?\nYes.\n\nSend\nShop > Send\n1. B?\nNo."
    found = articles(text)
    assert [(one.category, one.answer) for one in found] == [("Pay", "Yes."), ("Send", "No.")]
    assert found[1].breadcrumb == ("Shop", "Send")


def test_a_path_of_clicks_in_an_answer_is_no_breadcrumb() -> None:
    found = articles("Shop > Pay\n1. A?\nAccount > Orders\n2. B?\nNo.")
    assert found[0].answer == "Account > Orders"
    assert found[1].category == "Pay"


def test_a_heading_without_breadcrumb_is_the_category() -> None:
    assert articles("Paying\n\n1. A?\nYes.")[0].category == "Paying"


def test_the_category_may_stand_below_its_breadcrumb() -> None:
    text = "Shop > Pay\nPay\n1. A?\nYes."
    assert articles(text)[0].category == "Pay"


def test_text_before_the_first_question_is_reported() -> None:
    assert skipped("Welcome\nShop > Pay\nHello\nagain\n1. A?\nYes.") == [
        "export.txt:1: 'Welcome' skipped: text before the first question",
        "export.txt:3: 'Hello' skipped: text before the first question",
        "export.txt:4: 'again' skipped: text before the first question",
    ]


def test_a_question_without_answer_is_reported() -> None:
    text = "1. A?\n2. B?\nYes."
    assert skipped(text) == ["export.txt:1: '1. A?' skipped: a question without an answer"]


def test_characters_that_mean_markup_are_shown_as_they_are() -> None:
    assert articles("1. A?\n• Dial *100# or [this]\n")[0].answer == r"- Dial *100# or [this]"
    assert (
        articles("1. A?\n• Say *please* and `thanks`")[0].answer
        == r"- Say \*please\* and \`thanks\`"
    )


@pytest.mark.parametrize("text", ["Hello", "* content:", "1. A?"])
def test_a_text_without_any_answered_question_is_refused(text: str) -> None:
    with pytest.raises(ArticleError, match=r"export\.txt: no question found; each must start"):
        read(text)


def test_a_question_that_gives_no_id_is_refused_with_its_line() -> None:
    with pytest.raises(
        ArticleError, match=r"export\.txt:2: the question needs at least one letter"
    ):
        read("\n1. ???\nYes.")
