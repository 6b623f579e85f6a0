"""What a conversation shows when it goes otherwise than written."""

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from bot.conversations.format import Conversation
from bot.conversations.reading import read_file
from bot.conversations.running import ConversationFailed, hold
from tests.conversations.conftest import InProcess, OverHttp

pytestmark = pytest.mark.model


def conversation(folder: Path, *steps: Mapping[str, object], shopper: str = "C100") -> Conversation:
    path = folder / "some.yml"
    content = {
        "conversations": [
            {"name": "some", "shopper": shopper, "steps": [dict(one) for one in steps]}
        ]
    }
    path.write_text(yaml.safe_dump(content), "utf-8")
    return read_file(path).conversations[0]


async def failure(theatre: InProcess | OverHttp, held: Conversation) -> str:
    with pytest.raises(ConversationFailed) as failed:
        await hold(held, theatre.stage)
    return str(failed.value)


async def test_the_transcript_up_to_the_failing_step_is_shown(
    in_process: InProcess, tmp_path: Path
) -> None:
    held = conversation(
        tmp_path,
        {"says": "cancel 8100240002", "reply": "Shall I cancel order 8100240002"},
        {"taps": "No, keep it", "reply": "is cancelled"},
        {"says": "this is never said"},
    )
    told = await failure(in_process, held)
    assert "some (C100), step 2:" in told
    assert "shopper says: cancel 8100240002" in told
    assert "[No, keep it]" in told
    assert "bot: Order 8100240002 stays as it is." in told
    assert told.endswith("==> expected 'is cancelled' in the reply, which lacks it")
    assert "never said" not in told


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ({"taps": "Yes"}, "there is no such choice to tap"),
        ({"taps_above": "Yes"}, "there is no such choice to tap"),
        ({"seller_ships": "8100240003"}, "order 8100240003 is not awaiting_shipping"),
        ({"shop_delivers": "8100240002"}, "order 8100240002 is not awaiting_delivery"),
        ({"seller_writes": "Hi", "order": "8199999999"}, "there is no order 8199999999"),
        ({"says": "{2001 times x}"}, "the gateway refused the message"),
        ({"says": "hello", "refused": "true"}, "expected the gateway to refuse"),
        ({"sends_again": "the same message"}, "nothing was sent yet"),
        ({"store_holds": {"8199999999": {}}}, "expected an order 8199999999 in the store"),
        (
            {"store_holds": {"8100240002": {"status": "cancelled"}}},
            "expected status of order 8100240002 to be 'cancelled', got 'awaiting_shipping'",
        ),
        (
            {"store_holds": {"8100240002": {}}, "stock": {"P01-M-BLU": "1"}},
            "expected a stock of 1 of P01-M-BLU, got 9",
        ),
    ],
)
async def test_a_step_that_goes_otherwise_fails(
    in_process: InProcess, tmp_path: Path, step: dict[str, object], told: str
) -> None:
    assert told in await failure(in_process, conversation(tmp_path, step))


async def test_the_shop_is_as_its_file_says_at_the_beginning_of_each(
    in_process: InProcess, tmp_path: Path
) -> None:
    cancel = (
        {"says": "cancel 8100240002"},
        {"says": "yes", "reply": "Order 8100240002 is cancelled"},
        {"store_holds": {"8100240002": {"audit": "1"}}, "stock": {"P01-M-BLU": "10"}},
    )
    for _ in range(2):
        assert await hold(conversation(tmp_path, *cancel), in_process.stage) == 2


async def test_what_only_works_in_process_is_impossible_over_http(
    over_http: OverHttp, tmp_path: Path
) -> None:
    told = await failure(over_http, conversation(tmp_path, {"later": "1 hour"}))
    assert "it only works in process" in told


async def test_over_http_a_choice_is_good_once(over_http: OverHttp, tmp_path: Path) -> None:
    steps = ({"says": "where is my order"}, {"taps": "8100240001"}, {"taps_above": "8100240001"})
    assert "no such choice" in await failure(over_http, conversation(tmp_path, *steps))
