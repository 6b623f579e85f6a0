"""Cuts a message where one question may end and another begin; says nothing about whether it does.

Sentences come from spaCy's sentencizer, clauses from the words that join them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc

from bot.nlu.tokenizer import break_long_words

MAX_SEGMENTS = 8
"""A message with more is a story, and is read whole."""

_MAX_CHARS = 1_000
_FEWEST_WORDS = 2
_JOINTS = frozenset({"and", "also", "but", "plus", "then", "&", ";"})
_AFTER_JOINT = frozenset({"also", "then", "and", "please", "plus"})
_WORD = re.compile(r"\w")


@dataclass(frozen=True)
class Segment:
    """A stretch of a message; `start` and `end` are in characters."""

    text: str
    start: int
    end: int


def find_segments(text: str, nlp: Language) -> list[Segment]:
    """Cut a text into sentences and clauses, in order; one segment where there is nothing to cut.

    Args:
        text: A shopper's message.
        nlp: A spaCy pipeline with a sentencizer.
    """
    whole = [Segment(text, 0, len(text))]
    if len(text) > _MAX_CHARS:
        return whole
    doc = nlp(break_long_words(text))
    bounds = _bounds(doc)
    found = [
        segment
        for start, end in zip(bounds, [*bounds[1:], len(doc)], strict=True)
        if (segment := _cut(text, doc, start, end))
    ]
    return found if 1 < len(found) <= MAX_SEGMENTS else whole


def _bounds(doc: Doc) -> list[int]:
    """Tokens with which a segment begins; the first is always one."""
    bounds = [0]
    for token in doc:
        begins_sentence = token.is_sent_start and token.i > 0
        follows_line_end = token.i > 0 and "\n" in doc[token.i - 1].text
        joins = token.lower_ in _JOINTS and token.i > 0
        if begins_sentence or follows_line_end or joins:
            last = bounds[-1]
            if _n_words(doc, last, token.i) >= _FEWEST_WORDS:
                bounds.append(token.i)
    if len(bounds) > 1 and _n_words(doc, bounds[-1], len(doc)) < _FEWEST_WORDS:
        bounds.pop()
    return bounds


def _n_words(doc: Doc, start: int, end: int) -> int:
    words = (token for token in doc[start:end] if _WORD.search(token.text))
    return sum(1 for token in words if token.lower_ not in _JOINTS)


def _cut(text: str, doc: Doc, start: int, end: int) -> Segment | None:
    """Make a segment of tokens, without the words that join it to the one before."""
    while start < end and (
        doc[start].lower_ in _JOINTS | _AFTER_JOINT or not _WORD.search(doc[start].text)
    ):
        start += 1
    if start == end:
        return None
    first = doc[start].idx
    last = doc[end - 1].idx + len(doc[end - 1])
    stretch = text[first:last]
    return Segment(stretch.rstrip(), first, first + len(stretch.rstrip()))
