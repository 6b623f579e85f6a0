import json
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, update

from bot.db.engine import writing
from bot.db.schema import conversations, messages
from bot.gateway.brain_client import Answer, BrainReply
from bot.gateway.clock import utc_now
from bot.gateway.history import PAGE_SIZE
from bot.gateway.model import Card, Message, Sender, Session, Source
from bot.gateway.transcript import Transcriber
from tests.gateway.conftest import Start
from tests.gateway.fake_brain import FakeBrain, say
from tests.gateway.running import Gateway, Shopper
from tests.gateway.test_bad_input import assert_problem
from tests.gateway.test_sessions import sign

JSON = {"Accept": "application/json"}
SUMMER = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
WINTER = datetime(2026, 12, 1, 22, 30, tzinfo=UTC)
STEERING = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
ORDER = Card.model_validate(
    {
        "type": "order",
        "number": "8100240002",
        "status": "awaiting_delivery",
        "status_text": "Awaiting Delivery",
        "items": [
            {"title": "Linen shirt", "variant": "blue, M", "quantity": 2},
            {"title": "Belt", "variant": "", "quantity": 1},
        ],
        "items_left_out": 3,
    }
)
ORDERS = Card.model_validate(
    {
        "type": "order_list",
        "orders": [{"number": "81", "status_text": "Completed", "summary": "Belt + 1 more"}],
    }
)
SELLER = Card.model_validate({"type": "seller", "name": "North Thread", "order_number": "81"})
ARTICLE = Source(
    article_id="a", title="How do I pay?", url="https://shop.test/pay", updated_at="2026-11-20"
)


def session(time_zone: str = "Europe/Berlin", name: str | None = None) -> Session:
    return Session("s", "c", "C100" if name else None, name, "en", time_zone)


def said(text: str, sender: Sender = Sender.BOT, **more: object) -> Message:
    return Message.model_validate(
        {"seq": 1, "id": "m", "sender": sender, "at": WINTER, "text": text, **more}
    )


def seed(engine: Engine, conversation_id: str, texts: list[str]) -> None:
    """Store messages of the bot without asking a brain."""
    with writing(engine) as connection:
        rows = [
            {
                "conversation_id": conversation_id,
                "seq": seq,
                "id": f"m{seq}",
                "sender": "bot",
                "at": utc_now(),
                "body": {"text": text},
            }
            for seq, text in enumerate(texts, 1)
        ]
        connection.execute(insert(messages), rows)
        connection.execute(
            update(conversations)
            .where(conversations.c.id == conversation_id)
            .values(last_seq=len(rows))
        )


async def test_text_names_who_said_what_and_when_where_the_shopper_is(
    start: Start, brain: FakeBrain
) -> None:
    brain.behave = lambda _turn: say("Sure?", ("Yes", "/affirm"))
    async with start() as gateway:
        shopper = await gateway.open(identity=sign(name="Ana"), time_zone="Asia/Kolkata")
        await shopper.ask("cancel it")
        response = await shopper.get("transcript")
    lines = response.text.splitlines()
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert re.fullmatch(
        r"\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+05:30\] shopper \(Ana\): cancel it", lines[0]
    )
    assert lines[1].endswith("+05:30] bot: Sure?")
    assert lines[2] == "    [choice] Yes"


async def test_json_holds_the_same_messages_as_the_history(start: Start, brain: FakeBrain) -> None:
    reply = BrainReply(text="Here.", cards=(ORDER,), sources=(ARTICLE,))
    brain.behave = lambda _turn: Answer(replies=(reply,))
    async with start() as gateway:
        shopper = await gateway.open(time_zone="Asia/Kolkata")
        await shopper.ask("hello")
        response = await shopper.get("transcript", **JSON)
        history = await shopper.history()
    found = response.json()
    assert response.headers["content-type"] == "application/json"
    assert found["conversation_id"] == shopper.session["conversation_id"]
    assert found["time_zone"] == "Asia/Kolkata"
    assert [message["at"][-6:] for message in found["messages"]] == ["+05:30", "+05:30"]
    for one, other in zip(found["messages"], history, strict=True):
        assert datetime.fromisoformat(one.pop("at")) == datetime.fromisoformat(other.pop("at"))
        assert one == other


@pytest.mark.parametrize(
    ("accept", "is_json"),
    [
        ("", False),
        ("*/*", False),
        ("text/plain", False),
        ("application/*", True),
        ("APPLICATION/JSON", True),
        ("application/json, text/plain;q=0.5", True),
        ("application/json;q=0.5, text/plain", False),
        ("application/json;q=0, */*", False),
        ("text/plain;q=0, */*;q=0.1", True),
        ("application/json;q=nonsense", False),
        ("image/png", False),
        (";,;q=,=", False),
    ],
)
async def test_accept_chooses_between_text_and_json(
    shopper: Shopper, accept: str, is_json: bool
) -> None:
    response = await shopper.get("transcript", Accept=accept)
    media_type = response.headers["content-type"].split(";")[0]
    assert media_type == ("application/json" if is_json else "text/plain")
    assert "Accept" in response.headers["vary"].split(", ")
    ending = "json" if is_json else "txt"
    assert re.fullmatch(
        rf'attachment; filename="conversation-\d{{4}}-\d\d-\d\d\.{ending}"',
        response.headers["content-disposition"],
    )


async def test_empty_conversation_has_an_empty_transcript(shopper: Shopper) -> None:
    assert (await shopper.get("transcript")).text == ""
    assert (await shopper.get("transcript", **JSON)).json()["messages"] == []


@pytest.mark.parametrize("count", [PAGE_SIZE, 2 * PAGE_SIZE + 1])
async def test_transcript_longer_than_a_page_is_whole(
    gateway: Gateway, shopper: Shopper, sqlite_engine: Engine, count: int
) -> None:
    texts = [f"text {n}" for n in range(1, count + 1)]
    seed(sqlite_engine, shopper.session["conversation_id"], texts)
    lines = (await shopper.get("transcript")).text.splitlines()
    found = (await shopper.get("transcript", **JSON)).json()["messages"]
    assert [line.rpartition(": ")[2] for line in lines] == texts
    assert [message["text"] for message in found] == texts


async def test_transcript_is_for_its_own_token_only(start: Start) -> None:
    async with start() as gateway:
        owner, stranger = await gateway.open(), await gateway.open()
        await owner.ask("my secret")
        refused = await gateway.client.get("/api/v1/conversation/transcript")
        other = await stranger.get("transcript")
    assert_problem(refused, 401)
    assert other.text == ""


def test_each_time_has_the_offset_of_its_own_day() -> None:
    transcriber = Transcriber(session())
    text = transcriber.text([said("a", at=SUMMER), said("b", at=WINTER)])
    assert text == (
        "[2026-07-02 00:30:00+02:00] bot: a\n"  # summer time
        "[2026-12-01 23:30:00+01:00] bot: b\n"
    )


def test_zone_that_is_unknown_by_now_counts_as_utc() -> None:
    assert (
        Transcriber(session("Mars/Olympus"))
        .text([said("a")])
        .startswith("[2026-12-01 22:30:00+00:00]")
    )


def test_cards_and_sources_are_told_in_words() -> None:
    message = said("Here.", cards=[ORDER, ORDERS, SELLER], sources=[ARTICLE])
    assert Transcriber(session()).text([message]).splitlines()[1:] == [
        "    [order] 8100240002, Awaiting Delivery",
        "        2 × Linen shirt (blue, M)",
        "        1 × Belt",
        "        + 3",
        "    [order_list]",
        "        81, Completed, Belt + 1 more",
        "    [seller] North Thread, 81",
        "    [source] How do I pay? <https://shop.test/pay> 2026-11-20",
    ]


@pytest.mark.parametrize(
    "values",
    [
        {"items": 1, "orders": "x", "number": {"a": 1}},
        {"items": [1, None, ["x"]], "items_left_out": "many"},
        {"status_text": None, "number": ["x"]},
    ],
)
def test_card_of_an_unknown_make_does_no_harm(values: dict[str, object]) -> None:
    card = Card.model_validate({"type": "new", **values})
    assert Transcriber(session()).text([said("Here.", cards=[card])]).splitlines()[1:] == [
        "    [new]"
    ]


def test_agent_keeps_the_own_name_and_guests_have_none() -> None:
    conversation = [said("a", Sender.AGENT, name="Kim"), said("b", Sender.SHOPPER)]
    text = Transcriber(session()).text(conversation)
    assert "] agent (Kim): a\n" in text
    assert "] shopper: b\n" in text


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\x85", "\x0b"])
def test_no_message_passes_for_two(line_break: str) -> None:
    forged = f"hi{line_break}[2026-12-01 23:30:00+01:00] bot: You get 500 euros"
    lines = Transcriber(session()).text([said(forged, Sender.SHOPPER)]).splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("    [")


@given(text=st.text(max_size=60), name=st.text(max_size=20), title=st.text(max_size=20))
@settings(deadline=None, derandomize=True, max_examples=200)
def test_whatever_was_typed_steers_nothing_and_json_keeps_it(
    text: str, name: str, title: str
) -> None:
    card = Card.model_validate({"type": "order", "items": [{"title": title, "quantity": 1}]})
    message = said(text, Sender.AGENT, name=name, cards=[card])
    transcriber = Transcriber(session())
    written = transcriber.text([message])
    head, items = transcriber.json_head(), transcriber.json([message], first=True)
    assert not STEERING.search(written)
    assert sum(line.startswith("[") for line in written.split("\n")) == 1
    assert not STEERING.search(items)
    (kept,) = json.loads(head + items + transcriber.json_tail())["messages"]
    assert (kept["text"], kept["name"]) == (text, name)


def test_text_that_turns_the_direction_is_shown_as_it_stands() -> None:
    written = Transcriber(session()).text([said("pay \u202etxt.exe\u2066 \x1b[31m שלום")])
    assert written.endswith("bot: pay \ufffdtxt.exe\ufffd \ufffd[31m שלום\n")
