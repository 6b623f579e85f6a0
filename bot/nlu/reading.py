"""Makes a message readable for the sentence encoder, in training and in use alike."""

from __future__ import annotations

from bot.nlu.masking import mask_values
from bot.nlu.symbols import spell_out_symbols

MAX_CHARS = 2_000
"""As long as a message may be, and more than the encoder reads."""


def make_readable(text: str) -> str:
    """Spell out emoji and mask numbers and addresses; a longer text is cut, before and after."""
    return mask_values(spell_out_symbols(text[:MAX_CHARS])[:MAX_CHARS])
