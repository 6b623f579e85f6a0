from datetime import timedelta

import pytest

from actions.orders.seller_messages import clean_message, require_within_limit
from actions.orders.store import TooManySellerMessages
from tests.actions.orders.worlds import NOW


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Hello\n", "Hello"),
        ("Line one\n\tLine two", "Line one\n\tLine two"),
        ("nul\x00 bell\x07 half\ud83d", "nul bell half"),
        ("<b>bold</b> 👟 尺寸", "<b>bold</b> 👟 尺寸"),
    ],
)
def test_a_message_is_kept_as_plain_text(typed: str, kept: str) -> None:
    assert clean_message(typed) == kept


def test_part_of_a_second_still_to_wait_counts_as_a_whole_one() -> None:
    sent_at = [NOW - timedelta(minutes=59, seconds=59, milliseconds=1)] * 5
    with pytest.raises(TooManySellerMessages) as refusal:
        require_within_limit(sent_at, NOW)
    assert refusal.value.retry_after_s == 1


@pytest.mark.parametrize("count", [0, 4])
def test_fewer_than_five_messages_leave_room_for_one(count: int) -> None:
    require_within_limit([NOW] * count, NOW)
