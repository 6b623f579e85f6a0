import pytest
from rasa.shared.core.domain import Domain

from bot.brain.choices import parse_payload
from bot.brain.contract import UnknownPayload

DOMAIN = Domain.from_dict(
    {"intents": ["affirm", "cancel_order", "faq"], "entities": ["order_number", "email"]}
)


def test_an_intent_alone_is_a_payload() -> None:
    data = parse_payload("/affirm", "Yes, please", DOMAIN)
    assert data["text"] == "Yes, please"
    assert data["intent"] == {"name": "affirm", "confidence": 1.0}
    assert (data["entities"], data["chosen"]) == ([], True)


@pytest.mark.parametrize(
    "payload",
    [
        '/affirm{"order_number": "8100240002"}',
        '/affirm{"order_number":"8100240002"}',
        ' /affirm{"order_number":\n"8100240002"} ',
    ],
)
def test_entities_come_with_it(payload: str) -> None:
    [entity] = parse_payload(payload, "Yes", DOMAIN)["entities"]
    assert (entity["entity"], entity["value"]) == ("order_number", "8100240002")


def test_an_article_is_chosen_by_its_whole_label() -> None:
    data = parse_payload("/faq/how_to_buy", "How to buy", DOMAIN)
    response = data["response_selector"]["faq"]["response"]
    assert data["intent"]["name"] == "faq"
    assert response["intent_response_key"] == "faq/how_to_buy"


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ("", "not a payload"),
        ("affirm", "not a payload"),
        ("/", "not a payload"),
        ("/affirm and more", "not a payload"),
        ("/affirm@1.0", "not a payload"),
        ("/faq/a/b", "not a payload"),
        ("/restart now", "not a payload"),
        ("/nothing_we_know", "no intent 'nothing_we_know'"),
        ('/affirm{"slot": "x"}', "no entity 'slot'"),
        ("/affirm{order_number}", "not JSON"),
        ('/affirm{"order_number": "1"} {}', "not JSON"),
        ('/affirm{"order_number": ["1"]}', "texts by name"),
        ('/affirm{"order_number": {"value": "1"}}', "texts by name"),
        ('/affirm{"order_number": 8100240002}', "texts by name"),
        ('/affirm{"order_number": null}', "texts by name"),
        ('/affirm{"order_number": ' + "[" * 100_000 + "}", "not JSON"),
    ],
    ids=lambda text: text[:40],
)
def test_anything_else_is_refused(payload: str, reason: str) -> None:
    with pytest.raises(UnknownPayload, match=reason):
        parse_payload(payload, "title", DOMAIN)
