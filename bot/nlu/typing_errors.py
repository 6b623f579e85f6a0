"""Typing errors as people make them on a keyboard or a phone, the same ones for the same seed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Final

import numpy as np

_KEY_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_PROTECTED = re.compile(r"\S*[\d@]\S*")
_APOSTROPHES: Final = "'’"

Edit = tuple[int, int, str]
"""Characters from one offset to another, and what stands there instead."""


def add_typing_errors(text: str, count: int, *, seed: int) -> str:
    """Return the text with typing errors, as many as asked for or as there is room for.

    Two neighbouring letters swapped, one left out, typed twice or hit beside its key on a QWERTY
    keyboard, an apostrophe or a space left out: each kind that the text allows is as likely as any
    other. Words with a digit or an `@` stay as they are, since nobody can guess an order number.
    The errors of a smaller count are among those of a larger one, with the same seed.
    """
    random = np.random.default_rng([seed, *text.encode("utf-8", "surrogatepass")])
    taken = [found.span() for found in _PROTECTED.finditer(text)]
    edits: list[Edit] = []
    while len(edits) < count:
        kinds = [
            possible
            for find in _KINDS
            if (possible := [edit for edit in find(text) if _stands_apart(edit, taken)])
        ]
        if not kinds:
            break
        kind = kinds[int(random.integers(len(kinds)))]
        edits.append(kind[int(random.integers(len(kind)))])
        taken.append(edits[-1][:2])
    for start, end, typed in sorted(edits, reverse=True):
        text = text[:start] + typed + text[end:]
    return text


def _stands_apart(edit: Edit, taken: Iterable[tuple[int, int]]) -> bool:
    """Tell whether an edit leaves a character between itself and others, which might undo it."""
    start, end, _ = edit
    return all(end < taken_start or taken_end < start for taken_start, taken_end in taken)


def _swaps(text: str) -> Iterator[Edit]:
    for index, (first, second) in enumerate(pairwise(text)):
        if first.isalpha() and second.isalpha() and first != second:
            yield index, index + 2, second + first


def _omissions(text: str) -> Iterator[Edit]:
    """Letters left out, never a whole word."""
    for word in re.finditer(r"[^\W\d_]{2,}", text):
        for index in range(*word.span()):
            yield index, index + 1, ""


def _doublings(text: str) -> Iterator[Edit]:
    for index, letter in enumerate(text):
        if letter.isalpha():
            yield index, index + 1, letter * 2


def _neighbours(text: str) -> Iterator[Edit]:
    for index, letter in enumerate(text):
        for key in _KEYS_BESIDE.get(letter.lower(), ""):
            yield index, index + 1, key.upper() if letter.isupper() else key


def _missing_apostrophes(text: str) -> Iterator[Edit]:
    for index, mark in enumerate(text):
        if mark in _APOSTROPHES and _is_between_letters(text, index):
            yield index, index + 1, ""


def _missing_spaces(text: str) -> Iterator[Edit]:
    for index, space in enumerate(text):
        if space == " " and _is_between_letters(text, index):
            yield index, index + 1, ""


def _is_between_letters(text: str, index: int) -> bool:
    return text[index - 1 : index].isalpha() and text[index + 1 : index + 2].isalpha()


def _keys_beside() -> dict[str, str]:
    """The keys left, right, above and below; each row starts a third of a key further right."""
    beside: dict[str, str] = {}
    for row_number, row in enumerate(_KEY_ROWS):
        above = _KEY_ROWS[row_number - 1] if row_number else ""
        below = _KEY_ROWS[row_number + 1] if row_number + 1 < len(_KEY_ROWS) else ""
        for column, key in enumerate(row):
            left = row[max(column - 1, 0) : column]
            beside[key] = (
                left
                + row[column + 1 : column + 2]
                + above[column : column + 2]
                + below[max(column - 1, 0) : column + 1]
            )
    return beside


_KEYS_BESIDE: Final = _keys_beside()
_KINDS: Final[tuple[Callable[[str], Iterator[Edit]], ...]] = (
    _swaps,
    _omissions,
    _doublings,
    _neighbours,
    _missing_apostrophes,
    _missing_spaces,
)
