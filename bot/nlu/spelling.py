"""Mends typing errors, by the words that the shop's own training messages use.

A word that is neither English nor used here is replaced by the word that is one typing error away
and used most, or cut in two where a space is missing; what is near nothing stays as it is. Errors
are counted as by Damerau (1964): a letter too many, too few, another one, or two swapped.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Set
from pathlib import Path

from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import extract

_FILE = "spelling.json"
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")

_OFTEN = 3
"""Uses in different messages that make a word one of the shop's, whatever a dictionary says."""

_SHORTEST = 3
_TWO_ERRORS_FROM = 8
"""Letters from which on a word may hold two errors."""

_LONGEST = 48
"""Letters beyond which nothing is a word, nor two without their space."""

_MOST_MENDED = 32
"""Unknown words of a message that are looked up; one with more is no mistyped English."""

_USED_OFTEN_ENOUGH_FOR_SHORT = 5
_SHORT = 4


class Spelling:
    """Knows which words are words here, and what a mistyped one was meant to be.

    Attributes:
        uses: In how many training messages each word stands, in lower case.
        english: Words that are never touched, in lower case.
    """

    def __init__(self, uses: dict[str, int], english: Set[str]) -> None:
        self.uses = uses
        self._english = english
        self._targets = [
            word
            for word, count in uses.items()
            if len(word) >= _SHORTEST and (count >= _OFTEN or word in english)
        ]

    @classmethod
    def learn(cls, texts: Iterable[str], english: Set[str]) -> Spelling:
        """Count the words of training messages."""
        uses: Counter[str] = Counter()
        for text in texts:
            uses.update({word.lower() for word in _WORD.findall(text)})
        return cls(dict(sorted(uses.items())), english)

    def mend(self, text: str) -> str:
        """Return the text with its mistyped words mended, which come out in lower case."""
        mended: dict[str, str | None] = {}

        def mend(match: re.Match[str]) -> str:
            typed = match.group()
            word = typed.lower()
            if word not in mended and len(mended) < _MOST_MENDED and self._may_be_mistyped(word):
                mended[word] = self._find(word)
            return mended.get(word) or typed

        return _WORD.sub(mend, text)

    def save(self, directory: Path) -> None:
        """Write the words' uses into a folder."""
        (directory / _FILE).write_text(json.dumps(self.uses, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, directory: Path, english: Set[str]) -> Spelling:
        """Read what `save` wrote."""
        return cls(json.loads((directory / _FILE).read_text("utf-8")), english)

    def _may_be_mistyped(self, word: str) -> bool:
        is_known = word in self._english or self.uses.get(word, 0) >= _OFTEN
        # The words of *don't* are each too short to be judged.
        is_joined = "'" in word or "’" in word
        return _SHORTEST <= len(word) <= _LONGEST and not is_known and not is_joined

    def _find(self, word: str) -> str | None:
        allowed = 2 if len(word) >= _TWO_ERRORS_FROM else 1
        found = extract(
            word,
            self._targets,
            scorer=DamerauLevenshtein.distance,
            score_cutoff=allowed,
            limit=None,
        )
        choices = [(errors, -self.uses[other], other) for other, errors, _ in found]
        if len(word) < _SHORT:
            choices = [one for one in choices if -one[1] >= _USED_OFTEN_ENOUGH_FOR_SHORT]
        best = min(choices, default=None)
        if best is not None and best[0] == 1:
            return best[2]
        return self._cut(word) or (best[2] if best else None)

    def _cut(self, word: str) -> str | None:
        """Find two of the shop's words that a space is missing between."""
        cuts = [
            (min(self.uses.get(word[:at], 0), self.uses.get(word[at:], 0)), at)
            for at in range(1, len(word))
        ]
        least_used, at = max(cuts)
        return f"{word[:at]} {word[at:]}" if least_used >= _OFTEN else None
