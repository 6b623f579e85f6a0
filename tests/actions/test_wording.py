from typing import Any

import pytest

from actions.wording import CHOICES, NONE_OF_THESE, Wording
from tests.actions.conversation import DOMAIN

WORDING = Wording.of_domain(DOMAIN)


@pytest.mark.parametrize("label", CHOICES)
def test_each_label_that_is_offered_has_words_of_its_own(label: str) -> None:
    titles = [WORDING.title(one) for one in CHOICES]
    title = WORDING.title(label)
    assert title
    assert "_" not in title
    assert titles.count(title) == 1


def test_there_are_words_to_decline_with() -> None:
    assert WORDING.text(NONE_OF_THESE) == "None of these"


@pytest.mark.parametrize("label", ["affirm", "faq", "order_reference", "", "faq/gone"])
def test_any_other_label_has_none(label: str) -> None:
    assert WORDING.title(label) is None


def test_an_article_is_called_by_its_title() -> None:
    article = {"custom": {"sources": [{"title": "What is {{this}}?"}]}, "metadata": {"step": "s"}}
    wording = Wording({"utter_faq/x": [article]})
    assert (wording.title("faq/x"), wording.step("faq/x")) == ("What is {this}?", "s")


@pytest.mark.parametrize(
    "article",
    [
        {},
        {"custom": None, "metadata": None},
        {"custom": {"sources": []}, "metadata": {"step": 3}},
        {"custom": {"sources": [{"title": ""}]}},
    ],
)
def test_a_response_that_is_no_article_has_neither_title_nor_step(article: dict[str, Any]) -> None:
    wording = Wording({"utter_faq/x": [article]})
    assert (wording.title("faq/x"), wording.step("faq/x")) == (None, None)


def test_an_action_that_was_sent_no_domain_knows_no_words() -> None:
    wording = Wording.of_domain({})
    assert (wording.title("order_status"), wording.step("faq/x")) == (None, None)
