"""Spells out emoji, which the encoder's vocabulary does not hold: all of them would look alike."""

from __future__ import annotations

import re
import unicodedata

# Symbols beyond the Latin blocks; skin tones, joiners and variation selectors say nothing here.
_SYMBOL = re.compile(r"[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")
_SILENT = re.compile(r"[\ufe0e\ufe0f\u200d\U0001f3fb-\U0001f3ff]")


def spell_out_symbols(text: str) -> str:
    """Replace each emoji by its Unicode name in lower case: a thumb becomes *thumbs up sign*."""
    return _SYMBOL.sub(_name, _SILENT.sub("", text))


def _name(symbol: re.Match[str]) -> str:
    return f" {unicodedata.name(symbol.group(), 'symbol').lower()} "
