import pytest

from bot.nlu.symbols import spell_out_symbols


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("👍", "thumbs up sign"),
        ("ok 👍🏽 then", "ok thumbs up sign then"),
        ("❤️", "heavy black heart"),
        ("👨‍👩‍👧", "man woman girl"),
        ("where is it 😡😡", "where is it pouting face pouting face"),
    ],
)
def test_an_emoji_is_spelled_out(text: str, words: str) -> None:
    assert spell_out_symbols(text).split() == words.split()


@pytest.mark.parametrize(
    "text", ["", "plain", "where's my “stuff” — it’s late…", "größe ñ 中山路 ١٢"]
)
def test_other_characters_stay(text: str) -> None:
    assert spell_out_symbols(text) == text


def test_a_symbol_without_a_name_is_a_symbol() -> None:
    assert spell_out_symbols("\U0001f0c0").split() == ["symbol"]
