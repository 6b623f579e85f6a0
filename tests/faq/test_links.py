from pathlib import Path

import pytest

from bot.faq.articles import Article, LocatedArticle
from bot.faq.links import check_links
from bot.faq.problems import Place


def located(question: str, answer: str = "Yes.", url: str | None = None) -> LocatedArticle:
    article = Article(question, answer, url=url)
    return LocatedArticle(article, Place(Path(f"{article.id}.md"), 2), answer_line=5)


OTHERS = [
    located("Can I pay?", url="/help/paying#can_i_pay"),
    located("Is it safe?", url="/help/paying#safe"),
    located("Who are you?", url="https://shop.example/help/about"),
    located("Refunds?", url="https://shop.example/hc/en-us/articles/36001-Refunds"),
    located("No page?"),
]


def check(target: str) -> list[str]:
    linking = located("A?", f"See:\n\n- [this]({target})")
    return [str(one) for one in check_links([linking, *OTHERS])]


@pytest.mark.parametrize(
    "target",
    [
        "/help/paying",
        "/help/paying#can_i_pay",
        "/help/paying#safe",
        "/help/paying#is_it_safe",
        "https://shop.example/help/about",
        "https://elsewhere.example/a",
        "https://shop.example/hc/en-us/articles/36001",
        "https://shop.example/hc/en-us/articles/36001-What-it-was-called-before",
        "/cart",
        "mailto:a@shop.example",
    ],
)
def test_links_to_what_is_there_or_none_of_our_affair_are_fine(target: str) -> None:
    assert check(target) == []


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (
            "/help/paying#later",
            "a.md:7: error: the link /help/paying#later leads to an anchor that no article of "
            "/help/paying has; there are can_i_pay, is_it_safe, safe",
        ),
        ("#nowhere", "a.md:7: error: the link #nowhere: there is no article with this id"),
        (
            "#can_i_pay",
            "a.md:7: warning: the link #can_i_pay works on the help page only; link to its "
            "address, /help/paying#can_i_pay",
        ),
        (
            "/help/can_i_pay",
            "a.md:7: warning: the link /help/can_i_pay: no article has this page, "
            "/help/paying#can_i_pay",
        ),
        (
            "/help/no_page",
            "a.md:7: warning: the link /help/no_page: no article has this page; check it",
        ),
        (
            "/data/no_page.md",
            "a.md:7: error: the link /data/no_page.md leads to a file; link to its page",
        ),
    ],
)
def test_a_link_to_what_is_not_there_is_named_with_its_line(target: str, message: str) -> None:
    assert check(target) == [message]
