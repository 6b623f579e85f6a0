import pytest

from bot.nlu.masking import EMAIL_WORD, NUMBER_WORD, mask_values


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("where is 8100240003", f"where is {NUMBER_WORD}"),
        ("where is #8100240003?", f"where is {NUMBER_WORD}?"),
        ("order 81-0024-0003 pls", f"order {NUMBER_WORD} pls"),
        ("8199999999 or 81 1111 1111", f"{NUMBER_WORD} or {NUMBER_WORD}"),
        ("it is Ben@Example.com.", f"it is {EMAIL_WORD}."),
        ("ben@example.com, 8100240011", f"{EMAIL_WORD}, {NUMBER_WORD}"),
    ],
)
def test_a_value_is_hidden_behind_one_that_is_always_the_same(text: str, masked: str) -> None:
    assert mask_values(text).split() == masked.split()


@pytest.mark.parametrize(
    "text", ["", "size 42", "2 mugs of 12", "in 2026", "140x220", "ana at example", "41-43"]
)
def test_other_digits_keep_their_meaning(text: str) -> None:
    assert mask_values(text) == text


@pytest.mark.timeout(20)
@pytest.mark.parametrize("unit", ["1", "1 ", "1-", "#", "a@", "a.b@c."])
def test_hostile_text_is_masked_in_no_time(unit: str) -> None:
    assert mask_values(unit * 50_000)
