from dataclasses import replace
from typing import Any

import pytest
from rasa_sdk import Tracker

from actions.labels import Intent
from actions.state import FlowName
from actions.turn import Article, OrderReference, Turn
from actions.wish import Wish
from actions.wording import Wording


def parse(
    message: dict[str, Any],
    slots: dict[str, Any] | None = None,
    responses: dict[str, Any] | None = None,
) -> Turn:
    message = {"message_id": "m", **message}
    tracker = Tracker("sender", slots or {}, message, [], False, None, {}, None)
    return Turn.from_tracker(tracker, Wording(responses or {}))


def test_the_session_comes_from_the_metadata() -> None:
    metadata = {"session_id": "s", "message_id": "n", "customer_id": "C100", "locale": "de"}
    session = parse({"metadata": metadata}).session
    assert (session.session_id, session.message_id) == ("s", "n")
    assert (session.customer_id, session.locale) == ("C100", "de")


def test_without_metadata_the_sender_is_a_guest_in_utc() -> None:
    session = parse({}).session
    assert (session.session_id, session.message_id, session.customer_id) == ("sender", "m", None)
    assert session.time_zone == "UTC"


def test_a_message_without_an_id_is_refused() -> None:
    with pytest.raises(ValueError, match="id of its message"):
        parse({"message_id": None})


@pytest.mark.parametrize("name", ["nlu_fallback", "something_new", None])
def test_an_unknown_intent_is_out_of_scope(name: str | None) -> None:
    assert parse({"intent": {"name": name}}).intent is Intent.OUT_OF_SCOPE


def test_entity_values_that_are_no_text_are_ignored() -> None:
    entities = [
        {"entity": "order_number", "value": {"$gt": ""}},
        {"entity": "order_number", "value": "8100240002"},
        {"entity": None, "value": "x"},
    ]
    assert parse({"entities": entities}).order_numbers == ("8100240002",)


def test_the_first_of_several_numbers_is_meant() -> None:
    entities = [{"entity": "order_number", "value": value} for value in ("1", "2")]
    message = {"entities": entities, "intent": {"name": "cancel_order"}}
    assert parse(message, {"order_number": "1"}).order_number == "1"
    assert (
        parse(message | {"intent": {"name": "inform"}}, {"order_number": "1"}).order_number == "2"
    )


def test_a_reference_is_a_name_or_a_place_in_a_list() -> None:
    named = parse({"entities": [{"entity": "order_reference", "value": "other"}]})
    placed = parse({"entities": [{"entity": "order_reference", "value": "2"}]})
    assert (named.reference, named.position) == (OrderReference.OTHER, None)
    assert (placed.reference, placed.position) == (None, 2)


@pytest.mark.parametrize(
    ("clarify", "labels"),
    [
        (None, ()),
        (["order_status"], ()),
        (["order_status", "order_status"], ()),
        (["order_status", "", 3, "faq/x"], ("order_status", "faq/x")),
    ],
)
def test_only_different_labels_are_to_be_clarified(clarify: Any, labels: tuple[str, ...]) -> None:
    assert parse({"clarify": clarify}).clarify == labels


def test_the_parts_of_a_message_are_turns_of_the_same_session() -> None:
    parts = [{"text": "cancel", "intent": {"name": "cancel_order"}}, {"text": "x", "clarify": "y"}]
    turn = parse({"text": "cancel and x", "parts": [*parts, "no part"]}, {"order_number": "1"})
    assert [(part.text, part.intent) for part in turn.parts] == [
        ("cancel", Intent.CANCEL_ORDER),
        ("x", Intent.OUT_OF_SCOPE),
    ]
    assert {(part.session, part.state) for part in turn.parts} == {(turn.session, turn.state)}


def test_a_single_part_is_no_part() -> None:
    assert parse({"parts": [{"text": "cancel"}]}).parts == ()


ARTICLE = {
    "text": "how",
    "intent": {"name": "faq"},
    "response_selector": {"faq": {"response": {"intent_response_key": "faq/x"}}},
}


@pytest.mark.parametrize(("step", "flow"), [("wrong_item", FlowName.WRONG_ITEM), ("dance", None)])
def test_an_article_is_known_by_its_label_and_its_step_by_the_domain(
    step: str, flow: FlowName | None
) -> None:
    turn = parse(ARTICLE, responses={"utter_faq/x": [{"metadata": {"step": step}}]})
    assert turn.article == Article("faq/x", flow)
    assert (turn.label, turn.article and turn.article.response) == ("faq/x", "utter_faq/x")


def test_an_article_counts_only_where_one_is_asked_for() -> None:
    assert parse({**ARTICLE, "intent": {"name": "inform"}}).article is None


def entities(**values: str) -> list[dict[str, str]]:
    return [{"entity": name, "value": value} for name, value in values.items()]


def test_a_wish_keeps_what_was_said_and_comes_back_as_the_same_turn() -> None:
    said = {"order_number": "2", "email": "a@b.c", "color": "red", "order_reference": "other"}
    turn = parse({"text": "away", "entities": entities(**said, question="offer")})
    turn = replace(turn, intent=Intent.CANCEL_ORDER, clarify=("cancel_order", "help"))
    wish = turn.wish
    assert wish == Wish(("cancel_order", "help"), said, "away")
    again = parse({"text": "later"}).wishing(wish, Wording({}))
    assert (again.intent, again.clarify, again.text) == (turn.intent, turn.clarify, "away")
    assert (again.wish, again.chosen) == (wish, True)


def test_this_order_becomes_its_number_in_a_wish() -> None:
    message = {"intent": {"name": "cancel_order"}, "entities": entities(order_reference="this")}
    assert parse(message, {"order_number": "1"}).wish.values == {"order_number": "1"}
    assert parse(message).wish.values == {"order_reference": "this"}


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ({}, False),
        ({"order_reference": "this"}, False),
        ({"order_reference": "none"}, False),
        ({"email": "a@b.c"}, False),
        ({"order_reference": "other"}, True),
        ({"order_reference": "2"}, True),
        ({"order_number": "1"}, True),
        ({"product": "lamp"}, True),
        ({"size": "M"}, True),
    ],
)
def test_some_words_say_which_order_is_meant(said: dict[str, str], names: bool) -> None:
    assert parse({"entities": entities(**said)}).names_order is names


def test_none_of_these_is_good_for_the_question_that_is_open() -> None:
    clarifying = {"key": "m", "wish": {"labels": ["help"], "values": {}, "text": "?"}}
    message = {"intent": {"name": "deny"}, "chosen": True}
    for key, outdated in (("m", False), ("n", True)):
        found = entities(question=f"did_you_mean:{key}")
        turn = parse({**message, "entities": found}, {"clarifying": clarifying})
        assert turn.is_outdated is outdated


@pytest.mark.parametrize("message", [{"chosen": True, "text": "Yes"}, {"text": "/affirm"}])
def test_a_tapped_choice_is_told_from_typed_text(message: dict[str, Any]) -> None:
    assert parse(message).chosen
    assert not parse({"text": "yes"}).chosen


@pytest.mark.parametrize(
    ("entities", "outdated"),
    [
        ({"question": "cancel_confirmation", "order_number": "1"}, False),
        ({"question": "seller_confirmation", "order_number": "1"}, True),
        ({"question": "cancel_confirmation", "order_number": "2"}, True),
        ({"question": "cancel_confirmation"}, True),
        ({"order_number": "1"}, True),
    ],
)
@pytest.mark.parametrize("intent", ["affirm", "deny", "stop"])
def test_a_chosen_answer_needs_the_open_question_and_its_order(
    intent: str, entities: dict[str, str], outdated: bool
) -> None:
    found = [{"entity": name, "value": value} for name, value in entities.items()]
    message = {"intent": {"name": intent}, "entities": found, "chosen": True}
    slots = {"awaiting": "cancel_confirmation", "order_number": "1"}
    assert parse(message, slots).is_outdated is outdated
    assert not parse(message | {"chosen": False}, slots).is_outdated


def test_a_typed_slash_is_text_in_a_session() -> None:
    assert not parse({"text": "/affirm", "metadata": {"session_id": "s"}}).chosen
