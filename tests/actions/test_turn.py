from typing import Any

import pytest
from rasa_sdk import Tracker

from actions.labels import Intent
from actions.turn import OrderReference, Turn
from actions.wording import Wording


def parse(message: dict[str, Any], slots: dict[str, Any] | None = None) -> Turn:
    message = {"message_id": "m", **message}
    tracker = Tracker("sender", slots or {}, message, [], False, None, {}, None)
    return Turn.from_tracker(tracker, Wording({}))


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
