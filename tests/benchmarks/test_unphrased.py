from collections import Counter
from typing import Any

import pytest

from bot.faq.articles import article_id
from tests.benchmarks.unphrased import (
    FOUND,
    NOTHING,
    OFFERED,
    OTHER_ARTICLE,
    OTHER_LABEL,
    REJECTED,
    ROOT,
    SHIPPED,
    judge,
    read_frozen_articles,
    read_made_up,
    read_shipped,
)


def test_there_are_fifty_different_articles_with_four_messages_each() -> None:
    titles, asked = read_made_up()
    labels = {label for _, label in titles}
    assert len(labels) == 50
    assert Counter(one.label for one in asked) == dict.fromkeys(labels, 4)
    assert len({one.text.casefold() for one in asked}) == 200


def test_no_message_says_the_title_of_its_article() -> None:
    titles, asked = read_made_up()
    title_of = {label: article_id(title) for title, label in titles}
    assert [one.text for one in asked if title_of[one.label] in article_id(one.text)] == []


def test_no_message_is_in_the_training_data() -> None:
    files = [ROOT / "data" / "nlu.yml", *SHIPPED.glob("*.md")]
    trained = {
        line.strip().removeprefix("- ").casefold()
        for path in files
        for line in path.read_text(encoding="utf-8").splitlines()
    }
    assert [one.text for one in read_made_up()[1] if one.text.casefold() in trained] == []


def test_the_made_up_articles_share_no_title_with_the_shipped_ones() -> None:
    made_up = {label for _, label in read_made_up()[0]}
    assert not made_up & {label for _, label in read_shipped(phrasings=True)}


def test_shipped_articles_are_read_with_and_without_phrasings() -> None:
    assert len(read_shipped(phrasings=False)) == 7
    assert len(read_shipped(phrasings=True)) > 100


def test_the_frozen_messages_of_each_shipped_article_are_asked() -> None:
    asked = Counter(one.label for one in read_frozen_articles())
    assert set(asked) == {label for _, label in read_shipped(phrasings=False)}
    assert min(asked.values()) >= 25


@pytest.mark.parametrize(
    ("understood", "outcome"),
    [
        ({"intent": "faq/a"}, FOUND),
        ({"intent": "faq/b", "clarify": ["faq/b", "faq/a"]}, OFFERED),
        ({"intent": "faq/b"}, OTHER_ARTICLE),
        ({"intent": "greet", "clarify": ["greet", "help"]}, OTHER_LABEL),
        ({"intent": "out_of_scope", "ranking": [{"intent": "faq/a"}]}, REJECTED),
        ({"intent": "out_of_scope", "ranking": [{"intent": "faq/b"}]}, NOTHING),
        ({"intent": "out_of_scope", "ranking": []}, NOTHING),
    ],
)
def test_an_outcome_says_what_the_shopper_would_get(
    understood: dict[str, Any], outcome: str
) -> None:
    assert judge({"ranking": [], **understood}, "faq/a") == outcome
