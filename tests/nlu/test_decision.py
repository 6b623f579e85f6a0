from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from bot.errors import ConfigurationError
from bot.nlu.decision import Decision, DecisionRule, check_settings
from bot.nlu.intent_head import Verdict
from bot.nlu.rejection import Rejection

RULE = DecisionRule(
    threshold=0.8,
    ask_from=0.5,
    tie=0.7,
    ask_about=frozenset({"faq", "order_status"}),
    harmless=frozenset({"greet"}),
)
CONFIG = {"answered": 0.9, "asked": 0.95, "tie": 0.7, "ask_about": ["faq"], "harmless": ["greet"]}


def verdict(confidence: float, **shares: float) -> Verdict:
    """A verdict with these labels, best first; `faq_a` stands for the article `faq/a`."""
    labels = tuple(label.replace("faq_", "faq/") for label in shares)
    return Verdict(labels, np.array(list(shares.values()), dtype=np.float32), confidence)


def test_a_sure_label_is_acted_on() -> None:
    decision = RULE.decide(verdict(0.9, order_status=0.8, faq_a=0.1, faq_b=0.1))
    assert decision == Decision("order_status", 0.9)


def test_an_unsure_label_is_asked_about_with_the_next_likely_ones() -> None:
    decision = RULE.decide(verdict(0.6, faq_a=0.5, greet=0.2, order_status=0.2, faq_b=0.1))
    assert decision == Decision("faq/a", 0.6, ("faq/a", "order_status", "faq/b"))


def test_there_are_never_more_than_three_choices() -> None:
    decision = RULE.decide(verdict(0.6, faq_a=0.3, faq_b=0.3, faq_c=0.2, faq_d=0.2))
    assert decision.clarify == ("faq/a", "faq/b", "faq/c")


def test_a_third_choice_must_not_be_far_fetched() -> None:
    decision = RULE.decide(verdict(0.6, faq_a=0.6, faq_b=0.38, faq_c=0.02))
    assert decision.clarify == ("faq/a", "faq/b")


def test_two_labels_about_equally_likely_are_asked_about_however_sure() -> None:
    decision = RULE.decide(verdict(0.95, faq_a=0.5, faq_b=0.4, faq_c=0.1))
    assert decision == Decision("faq/a", 0.95, ("faq/a", "faq/b", "faq/c"))


def test_a_tie_with_what_cannot_be_asked_about_is_none() -> None:
    decision = RULE.decide(verdict(0.95, faq_a=0.5, deny=0.45, faq_b=0.05))
    assert decision == Decision("faq/a", 0.95)


def test_a_sure_label_that_cannot_be_asked_about_is_acted_on_in_a_tie() -> None:
    decision = RULE.decide(verdict(0.95, deny=0.5, faq_a=0.45, faq_b=0.05))
    assert decision == Decision("deny", 0.95)


@pytest.mark.parametrize("confidence", [0.5, 0.79, 0.99])
def test_a_harmless_label_is_acted_on_where_others_are_asked_about(confidence: float) -> None:
    decision = RULE.decide(verdict(confidence, greet=0.5, faq_a=0.45, faq_b=0.05))
    assert decision == Decision("greet", confidence)


@pytest.mark.parametrize("best", ["order_status", "greet", "deny", "faq_a"])
def test_what_is_not_believed_is_out_of_scope(best: str) -> None:
    assert RULE.decide(verdict(0.49, **{best: 0.9, "other": 0.1})) == Decision("out_of_scope", 0.49)


def test_an_unsure_label_that_cannot_be_asked_about_is_out_of_scope() -> None:
    decision = RULE.decide(verdict(0.6, deny=0.8, faq_a=0.1, faq_b=0.1))
    assert decision == Decision("out_of_scope", 0.6)


def test_one_choice_alone_is_not_asked_about() -> None:
    decision = RULE.decide(verdict(0.6, faq_a=0.8, deny=0.1, greet=0.1))
    assert decision == Decision("out_of_scope", 0.6)


def test_the_label_of_what_is_not_covered_is_never_the_best() -> None:
    decision = RULE.decide(verdict(0.85, out_of_scope=0.6, order_status=0.3, faq_a=0.1))
    assert decision == Decision("order_status", 0.85)


@pytest.mark.parametrize(("confidence", "label"), [(0.8, "order_status"), (0.5, "order_status")])
def test_a_confidence_on_the_line_is_enough(confidence: float, label: str) -> None:
    assert RULE.decide(verdict(confidence, order_status=0.8, faq_a=0.2)).label == label


def test_the_lines_are_drawn_where_the_settings_say() -> None:
    kept = np.linspace(0.2, 1.0, 101, dtype=np.float32)
    rule = DecisionRule.of(Rejection(np.zeros(5, dtype=np.float32), 0.0, kept), CONFIG)
    assert [rule.threshold, rule.ask_from] == pytest.approx([0.28, 0.24])
    assert rule.can_be_asked_about("faq/a")
    assert not rule.can_be_asked_about("faqs")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"answered": 94}, "config.yml: answered is 94; write 0 to 1"),
        ({"asked": -0.1}, "config.yml: asked is -0.1; write 0 to 1"),
        ({"tie": "0.7"}, "config.yml: tie is '0.7'; write 0 to 1"),
        ({"tie": True}, "config.yml: tie is True; write 0 to 1"),
        ({"answered": None}, "config.yml: answered is None; write 0 to 1"),
        ({"asked": float("nan")}, "config.yml: asked is nan; write 0 to 1"),
        ({"answered": 0.96}, "config.yml: answered is above asked; lower it"),
        ({"ask_about": "faq"}, "config.yml: ask_about is 'faq'; list labels in [ ]"),
        ({"harmless": None}, "config.yml: harmless is None; list labels in [ ]"),
        ({"harmless": [True]}, "config.yml: harmless is [True]; list labels in [ ]"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(change: Mapping[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        check_settings({**CONFIG, **change})
    assert str(caught.value) == message
