import json

from actions.wish import Clarification, Wish

WISH = Wish(("order_status", "faq/x"), {"order_number": "8100240002"}, "8100240002?")


def test_a_wish_keeps_its_shape_in_json() -> None:
    assert Wish.from_plain(json.loads(json.dumps(WISH.to_plain()))) == WISH


def test_a_clarification_keeps_its_shape_in_json() -> None:
    asked = Clarification("m", WISH)
    assert Clarification.from_plain(json.loads(json.dumps(asked.to_plain()))) == asked


def test_the_values_are_in_the_payload() -> None:
    assert WISH.payload("faq/x") == '/faq/x{"order_number": "8100240002"}'
    assert Wish(("help",), {}, "").payload("help") == "/help"


def test_each_clarification_is_a_question_of_its_own() -> None:
    assert Clarification("m", WISH).question != Clarification("n", WISH).question
