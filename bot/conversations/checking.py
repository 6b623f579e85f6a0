"""What of an answer is not as a step expects it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from bot.conversations.format import Answer, Card
from bot.conversations.placeholders import read_duration
from bot.conversations.shown import Reply, card_facts

FillIn = Callable[[str], str]

_INSTANTS: Final = ("expected", "delivered")


def find_differences(
    answer: Answer, replies: Sequence[Reply], *, fill_in: FillIn, loaded_at: datetime
) -> Iterator[str]:
    """Give each difference as `expected …, got …`."""
    text = "\n".join(reply.text for reply in replies)
    yield from _find_missing_text([fill_in(piece) for piece in answer.reply], text)
    for piece in map(fill_in, answer.lacks):
        if piece.casefold() in text.casefold():
            yield f"expected no {piece!r} in the reply"
    titles = [choice.title for reply in replies for choice in reply.choices]
    yield from _compare_choices(answer, titles, fill_in)
    cards = [card_facts(card) for reply in replies for card in reply.cards]
    if answer.cards is not None:
        yield from _compare_cards(answer.cards, cards, loaded_at)
    sources = [source for reply in replies for source in reply.sources]
    if answer.sources is not None and list(answer.sources) != sources:
        yield f"expected the sources {_listed(answer.sources)}, got {_listed(sources)}"


def _find_missing_text(pieces: Sequence[str], text: str) -> Iterator[str]:
    """Look for the pieces one after the other."""
    at = 0
    for piece in pieces:
        found = text.find(piece, at)
        if found >= 0:
            at = found + len(piece)
        elif piece in text:
            yield f"expected {piece!r} after what stands before it in the list, got it earlier"
        else:
            yield f"expected {piece!r} in the reply, which lacks it"


def _compare_choices(answer: Answer, titles: Sequence[str], fill_in: FillIn) -> Iterator[str]:
    if answer.choices is not None:
        expected = [fill_in(title) for title in answer.choices]
        fits = len(expected) == len(titles) and all(
            title.startswith(beginning) for title, beginning in zip(titles, expected, strict=True)
        )
        if not fits:
            yield f"expected the choices {_listed(expected)}, got {_listed(titles)}"
    for beginning in map(fill_in, answer.offers):
        if not any(title.startswith(beginning) for title in titles):
            yield f"expected a choice {beginning!r}, got {_listed(titles)}"


def _compare_cards(
    expected: Sequence[Card], cards: Sequence[dict[str, Any]], loaded_at: datetime
) -> Iterator[str]:
    if len(expected) != len(cards):
        kinds = [card["type"] for card in cards]
        yield f"expected {len(expected)} cards, got {_listed(kinds)}"
        return
    for wanted, card in zip(expected, cards, strict=True):
        for name, value in wanted.model_dump(exclude_none=True).items():
            shown = card.get(name)
            if not _is_same(name, value, shown, loaded_at):
                yield f"expected {name} of the card to be {value!r}, got {shown!r}"


def _is_same(name: str, expected: Any, shown: Any, loaded_at: datetime) -> bool:
    if name in _INSTANTS:
        return bool(shown) and datetime.fromisoformat(shown) == loaded_at + read_duration(expected)
    return bool(shown == (list(expected) if isinstance(expected, tuple) else expected))


def _listed(texts: Sequence[str]) -> str:
    return ", ".join(repr(text) for text in texts) or "none"
