import pytest

from bot.evaluation.outcomes import Fate, acts_on_orders_or_articles, judge
from tests.evaluation.samples import ARTICLE, Understood, judged, message, turned_away, understood

ASKING = ["order_status", "cancel_order"]


@pytest.mark.parametrize(
    ("label", "meaning", "fate"),
    [
        ("greet", understood("greet"), Fate.RIGHT),
        ("greet", understood("goodbye"), Fate.WRONG),
        ("greet", turned_away("greet", 0.4), Fate.REJECTED),
        ("out_of_scope", turned_away("greet", 0.4), Fate.CAUGHT),
        ("out_of_scope", understood(ARTICLE), Fate.WRONG),
        ("cancel_order", understood("order_status", clarify=ASKING), Fate.ASKED_WELL),
        ("greet", understood("order_status", clarify=ASKING), Fate.ASKED_BADLY),
        ("out_of_scope", understood("order_status", clarify=ASKING), Fate.ASKED_BADLY),
        ("greet", understood("greet", clarify=[]), Fate.RIGHT),
        ("greet", understood("greet", clarify=["greet"]), Fate.RIGHT),
    ],
)
def test_what_the_shopper_gets(label: str, meaning: Understood, fate: Fate) -> None:
    assert judged(label, meaning).fate is fate


def test_a_label_that_is_asked_about_still_counts_as_right() -> None:
    outcome = judged("order_status", understood("order_status", clarify=ASKING))
    assert outcome.is_right
    assert outcome.wrong_answers == ()


def test_one_question_split_in_two_is_wrong_as_soon_as_one_answer_is() -> None:
    parts = [understood("greet"), understood("cancel_order")]
    outcome = judged("greet", understood("greet", parts=parts))
    assert (outcome.is_right, outcome.is_split) == (True, True)
    assert outcome.fate is Fate.WRONG
    assert outcome.wrong_answers == ("cancel_order",)


def test_a_part_that_is_turned_away_does_no_harm() -> None:
    parts = [understood("greet"), turned_away("help", 0.2)]
    assert judged("greet", understood("greet", parts=parts)).fate is Fate.RIGHT


def test_of_several_questions_each_may_be_answered() -> None:
    asked = message("hey, and call it off", "greet", "greet", "cancel_order")
    parts = [understood("greet"), understood("cancel_order")]
    assert judge(asked, understood("greet", parts=parts)).fate is Fate.RIGHT


def test_the_best_guess_of_what_was_turned_away_is_first_in_the_ranking() -> None:
    guess = judged("greet", turned_away("help", 0.4)).best_guess
    assert (guess.label, guess.confidence) == ("help", 0.4)


def test_the_best_guess_is_the_label_given_whatever_the_ranking_says() -> None:
    meaning = {**understood("greet", 0.6), "intent": "inform", "confidence": 1.0}
    guess = judged("inform", meaning).best_guess
    assert (guess.label, guess.confidence) == ("inform", 1.0)


def test_without_a_ranking_the_best_guess_is_what_was_given() -> None:
    guess = judged("greet", {**understood("out_of_scope", 1.0), "ranking": []}).best_guess
    assert (guess.label, guess.confidence) == ("out_of_scope", 1.0)


@pytest.mark.parametrize(
    ("entities", "right"),
    [
        ([("order_number", "8100240002")], True),
        ([("order_number", "8100240002"), ("size", "M")], True),
        ([("order_number", "8100240003")], False),
        ([("order_number", "8100240002"), ("email", "ana@example.com")], False),
        ([], False),
    ],
)
def test_exactly_the_numbers_and_addresses_must_be_read(
    entities: list[tuple[str, str]], right: bool
) -> None:
    asked = message("where is 8100240002", "order_status", order_number="8100240002")
    found = [{"entity": entity, "value": value} for entity, value in entities]
    outcome = judge(asked, understood("order_status", entities=found))
    assert outcome.proofs_right is right


@pytest.mark.parametrize(
    ("label", "acts"),
    [(ARTICLE, True), ("cancel_order", True), ("human_handoff", True), ("greet", False)],
)
def test_small_talk_does_less_harm_than_an_article_or_an_order(label: str, acts: bool) -> None:
    assert acts_on_orders_or_articles(label) is acts
