from pathlib import Path

import pytest

from bot.faq.articles import Article, LocatedArticle
from bot.faq.likeness import encode_asked, find_duplicates, find_shared_phrasings
from bot.faq.problems import Place
from bot.nlu.encoder import SentenceEncoder


def located(question: str, answer: str = "", *phrasings: str) -> LocatedArticle:
    article = Article(question, answer or f"About {question}", phrasings=phrasings)
    return LocatedArticle(article, Place(Path(f"{article.id}.md"), 2))


def duplicates(articles: list[LocatedArticle], encoder: SentenceEncoder) -> list[str]:
    asked = encode_asked(articles, encoder)
    return [str(one) for one in find_duplicates(articles, asked, encoder)]


def shared(articles: list[LocatedArticle], encoder: SentenceEncoder) -> list[str]:
    return [str(one) for one in find_shared_phrasings(articles, encode_asked(articles, encoder))]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("How much does shipping cost?", "What are the shipping costs?"),
        ("How long is the warranty?", "What is the warranty period?"),
        ("How do I get an invoice?", "Where can I find my invoice?"),
        ("Can I order without an account?", "Do I need an account to order?"),
    ],
)
def test_one_question_in_two_articles_is_found(
    first: str, second: str, encoder: SentenceEncoder
) -> None:
    found = duplicates([located(first, "By post."), located(second, "In May.")], encoder)
    assert len(found) == 1
    assert "warning: its question is " in found[0]
    assert repr(first) in found[0]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("How do I return an item?", "Which items can not be returned?"),
        ("How do I redeem a gift card?", "How do I check the balance of a gift card?"),
        ("How do I change my e-mail address?", "How do I configure my address?"),
    ],
)
def test_questions_about_one_thing_are_no_duplicates(
    first: str, second: str, encoder: SentenceEncoder
) -> None:
    assert duplicates([located(first, "By post."), located(second, "In May.")], encoder) == []


def test_one_answer_in_two_articles_is_found(encoder: SentenceEncoder) -> None:
    answer = (
        "Print the label from My Account and bring the parcel to any post office within 30 days."
    )
    articles = [
        located("How do I return an item?", answer),
        located("Who is the carrier?", answer.replace("within", "in the next")),
    ]
    found = duplicates(articles, encoder)
    assert len(found) == 1
    assert found[0].startswith("who_is_the_carrier.md:2: warning: its answer is 9")


def test_a_phrasing_that_is_nearly_another_articles_is_found(encoder: SentenceEncoder) -> None:
    articles = [
        located("How do I return an item?", "", "i want to send my shoes back", "size guide"),
        located("Can I swap sizes?", "", "i want to send the shoes back", "SIZE GUIDE"),
    ]
    assert shared(articles, encoder) == [
        "can_i_swap_sizes.md:2: warning: 'i want to send the shoes back' is nearly 'i want to send "
        "my shoes back' of how_do_i_return_an_item.md; keep it in one of them"
    ]


def test_phrasings_of_one_article_may_be_alike(encoder: SentenceEncoder) -> None:
    articles = [located("A?", "", "i send it back", "i send it back!"), located("Tents?")]
    assert shared(articles, encoder) == []
