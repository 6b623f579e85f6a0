"""Two tabs, a seller who ships, lost answers and crashes: the shopper always hears the truth."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from rasa_sdk.executor import ActionExecutor

from actions.lookup_limits import InMemoryLookupLimiter
from actions.orders.model import OrderStatus
from actions.wiring import Services, configure
from tests.actions.conversation import Conversation
from tests.actions.orders.small_shop import (
    ANA,
    NUMBERS,
    check_stock,
    fill_orders,
    seller_cancels,
    shop_moves,
    shop_reopens,
    start_anew,
)
from tests.actions.orders.tabs import Stage, Tab, tapped, typed
from tests.actions.orders.worlds import SqlWorld
from tests.actions.stepped_calls import Fate, SteppedCalls
from tests.examples import examples

AMPLE_S: Final = 600.0
FEWEST_MOVES, MOST_MOVES = 4, 40
MOST_CHOICES: Final = 8

# Faults are rarer than answers, or nothing would ever get done.
FATES: Final = st.sampled_from(
    [Fate.ANSWERED] * 8 + [Fate.NEVER_ARRIVES, Fate.ANSWER_LOST, Fate.ANSWER_LOST]
)
TAPS: Final[st.SearchStrategy[bool]] = st.sampled_from([False, True, True])
SAYINGS: Final = st.one_of(
    st.builds(
        lambda intent, number: typed(intent, order_number=number),
        st.sampled_from(["cancel_order", "cancel_order", "order_status", "wrong_item"]),
        st.sampled_from(NUMBERS),
    ),
    st.sampled_from(["affirm", "affirm", "deny", "stop", "cancel_order", "goodbye"]).map(typed),
    st.just(typed("inform", cancel_reason="too_slow")),
)


@pytest.fixture
def small_world(sql_world: SqlWorld) -> SqlWorld:
    fill_orders(sql_world)
    return sql_world


@settings(
    max_examples=examples(60),
    deadline=None,
    phases=set(Phase) - {Phase.explain},  # which takes minutes here and says little
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_the_shopper_is_told_the_truth_and_the_books_add_up(
    small_world: SqlWorld, executor: ActionExecutor, data: st.DataObject
) -> None:
    start_anew(small_world)
    asyncio.run(play(small_world, executor, data))
    check_stock(small_world)


async def play(world: SqlWorld, executor: ActionExecutor, data: st.DataObject) -> None:
    calls = SteppedCalls()
    configure(
        Services(
            store=world.store,
            limiter=InMemoryLookupLimiter(world.clock),
            clock=world.clock,
            deadline_s=AMPLE_S,
            turn_deadline_s=AMPLE_S,
            threads=calls,
        )
    )
    second_is_guest = data.draw(st.booleans(), label="the second tab is a guest's")
    tabs = [open_tab(executor, "one"), open_tab(executor, "two", is_guest=second_is_guest)]
    stage = Stage(world, calls, tabs)
    for tab in tabs:
        await begin(stage, tab, data)
    for _ in range(data.draw(st.integers(FEWEST_MOVES, MOST_MOVES), label="moves")):
        await make_a_move(world, stage, data)
    while calls.pending:
        await stage.make_call(0, Fate.ANSWERED)
    assert not stage.busy
    check_audit(world, stage)
    await ask_everywhere(stage)


def open_tab(executor: ActionExecutor, name: str, *, is_guest: bool = False) -> Tab:
    conversation = Conversation(executor, None if is_guest else ANA, session_id=name)
    if is_guest:
        conversation.slots["proven_orders"] = [
            {"number": number, "customer_id": ANA, "session_id": name} for number in NUMBERS
        ]
    return Tab(conversation, name)


async def begin(stage: Stage, tab: Tab, data: st.DataObject) -> None:
    """Begin where it matters: the tab asks whether to cancel an order, unless it does nothing."""
    number = data.draw(st.sampled_from([*NUMBERS, None]), label="asked whether to cancel")
    if number:
        await answered(stage, tab, typed("cancel_order", order_number=number))


async def answered(stage: Stage, tab: Tab, message: Mapping[str, Any]) -> None:
    """Send a message and let nothing go wrong until it is answered."""
    await stage.send(tab, message)
    while tab.turn:
        await stage.make_call(0, Fate.ANSWERED)


async def make_a_move(world: SqlWorld, stage: Stage, data: st.DataObject) -> None:
    able = ["shop"]
    able += ["shopper"] * 3 if stage.idle else []
    able += ["call"] * 6 if stage.calls.pending else []
    able += ["crash"] if stage.busy else []
    match data.draw(st.sampled_from(able), label="who moves"):
        case "shop":
            let_the_shop_move(world, stage, data)
        case "shopper":
            tab = draw_tab(stage.idle, data)
            await stage.send(tab, draw_message(tab, data))
        case "call":
            number = data.draw(st.integers(0, len(stage.calls.pending) - 1), label="call")
            await stage.make_call(number, data.draw(FATES, label="fate"))
        case "crash":
            await stage.crash(draw_tab(stage.busy, data))


def draw_tab(tabs: list[Tab], data: st.DataObject) -> Tab:
    return tabs[data.draw(st.sampled_from(range(len(tabs))), label="tab")]


def draw_message(tab: Tab, data: st.DataObject) -> Mapping[str, Any]:
    """Say something, or tap any choice that was ever offered in this tab, old ones included."""
    is_asked = tab.conversation.awaiting == "cancel_confirmation"
    if is_asked and data.draw(st.booleans(), label="says yes"):
        return typed("affirm")
    choices = [choice for reply in tab.seen for choice in reply.choices.items()]
    newest_first = choices[: -MOST_CHOICES - 1 : -1]
    taps: bool = data.draw(TAPS, label="taps")
    if newest_first and taps:
        number: int = data.draw(st.integers(0, len(newest_first) - 1), label="choice")
        return tapped(*newest_first[number])
    message: Mapping[str, Any] = data.draw(SAYINGS, label="says")
    return message


def let_the_shop_move(world: SqlWorld, stage: Stage, data: st.DataObject) -> None:
    number = data.draw(st.sampled_from(NUMBERS), label="order")
    match data.draw(st.sampled_from(["is paid", "ships", "cancels", "reopens"]), label="it"):
        case "is paid":
            before, after = OrderStatus.AWAITING_PAYMENT, OrderStatus.AWAITING_SHIPPING
            shop_moves(world, number, before, after)
        case "ships":
            before, after = OrderStatus.AWAITING_SHIPPING, OrderStatus.AWAITING_DELIVERY
            shop_moves(world, number, before, after)
        case "cancels":
            stage.shop_cancelled[number] += seller_cancels(world, number)
        case "reopens":
            stage.shop_cancelled[number] -= shop_reopens(world, number)
    stage.note_store()


def check_audit(world: SqlWorld, stage: Stage) -> None:
    """Check that the bot cancelled only after a yes about that order, and once for each yes."""
    for number in NUMBERS:
        cancelled = [entry for entry in world.audit(number) if entry.action == "cancel"]
        keys = [(number, entry.idempotency_key) for entry in cancelled]
        assert len({*keys}) == len(keys)
        assert {*keys} <= stage.confirming
        status = world.store.find_order(number, customer_id=ANA).status
        is_cancelled = status is OrderStatus.CANCELLED
        assert len(cancelled) + stage.shop_cancelled[number] == int(is_cancelled)
        if cancelled:
            event("the bot cancelled")


async def ask_everywhere(stage: Stage) -> None:
    """Ask for each order's status in each tab, now that nothing goes wrong; `Stage` checks it."""
    for tab in stage.tabs:
        for number in NUMBERS:
            asked = tapped("Where?", f'/order_status{{"order_number": "{number}"}}')
            await answered(stage, tab, asked)
            assert number in tab.conversation.text
