"""Writes a live chat as a conversation file that replays green.

What moves with the day is left out: a text is expected in the pieces between its dates, and the
title of a choice up to its first date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import yaml

from actions.presentation import Presentation
from bot.brain.contract import ShopperContext, TurnRequest
from bot.conversations.format import GUEST, OrderHolds
from bot.conversations.shown import Reply, card_facts, presentation
from bot.conversations.sql_world import SqlWorld
from bot.errors import WorkFailed

# What of a card tells that it is the right one; the rest follows from the demo shop.
_TELLING: Final = ("type", "number", "status", "orders", "carrier", "tracking_number")
_TIME_OF_DAY: Final = r"\b\d{1,2}:\d{2}(?:\s?[AP]M)?\b"
_FEWEST_CHARS: Final = 3


class Recorder:
    """Takes down one conversation; `save` writes it."""

    def __init__(self, world: SqlWorld, shopper: ShopperContext) -> None:
        """Note how the shop is at the beginning."""
        self._world = world
        self._head: dict[str, Any] = {"shopper": shopper.customer_id or GUEST}
        if shopper.time_zone != "UTC":
            self._head["time_zone"] = shopper.time_zone
        show = presentation(shopper.customer_id, shopper.locale, shopper.time_zone)
        self._moving = _pattern(_all_days(world, show))
        self._facts, self._stock = world.facts(), world.stock()
        self._steps: list[dict[str, Any]] = []

    def add(self, request: TurnRequest, replies: Sequence[Mapping[str, Any]]) -> None:
        """Take down what was typed or tapped, and how it was answered."""
        if request.choice:
            self._add({"taps": self._beginning(request.choice.title)}, replies)
        else:
            self._add({"says": request.text}, replies)

    def save(self, path: Path) -> None:
        """Write the file, ending with what the conversation changed in the store.

        Raises:
            WorkFailed: There is nothing to write, or it cannot be written.
        """
        if not self._steps:
            raise WorkFailed(f"{path}: nothing was said, so nothing was recorded")
        steps = [*self._steps, *self._changes()]
        content = {"conversations": [{"name": path.stem, **self._head, "steps": steps}]}
        text = yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
        try:
            path.write_text(text, "utf-8")
        except OSError as error:
            raise WorkFailed(f"{path}: cannot be written ({error.strerror})") from error

    def _add(self, step: dict[str, Any], replies: Sequence[Mapping[str, Any]]) -> None:
        shown = [Reply.parse(reply, "payload") for reply in replies]
        pieces = [piece for reply in shown for piece in self._pieces(reply.text)]
        if pieces:
            step["reply"] = pieces
        step["choices"] = [
            self._beginning(choice.title) for reply in shown for choice in reply.choices
        ]
        step["cards"] = [_told(card) for reply in shown for card in reply.cards]
        step["sources"] = [source for reply in shown for source in reply.sources]
        self._steps.append(step)

    def _pieces(self, text: str) -> Iterator[str]:
        """Cut at line ends and dates; a scrap of punctuation between two dates says nothing."""
        for line in text.splitlines():
            for piece in self._moving.split(line):
                if len(piece.strip()) >= _FEWEST_CHARS:
                    yield piece.strip()

    def _beginning(self, title: str) -> str:
        found = self._moving.search(title)
        return title[: found.start()].rstrip() if found and found.start() else title

    def _changes(self) -> Iterator[dict[str, Any]]:
        held = {
            number: _changed(self._facts.get(number), after)
            for number, after in self._world.facts().items()
            if after != self._facts.get(number)
        }
        stock = {
            sku: count
            for sku, count in self._world.stock().items()
            if count != self._stock.get(sku)
        }
        if held:
            yield {"store_holds": held, **({"stock": stock} if stock else {})}


class _Dumper(yaml.SafeDumper):
    """Indents lists, as the files written by hand are."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _told(card: Mapping[str, Any]) -> dict[str, Any]:
    facts = card_facts(card)
    return {name: facts[name] for name in _TELLING if facts.get(name) is not None}


def _changed(before: OrderHolds | None, after: OrderHolds) -> dict[str, Any]:
    was = before.model_dump() if before else {}
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in after.model_dump().items()
        if value != was.get(name)
    }


def _all_days(world: SqlWorld, show: Presentation) -> Iterable[str]:
    """Give every day of the shop's orders, and the one after it, as shoppers may be shown it."""
    for instant in {*world.instants(), world.loaded_at}:
        for day in (instant, instant + timedelta(days=1)):
            yield from (show.day(day), show.short_day(day), show.bare_day(day))


def _pattern(days: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(set(days), key=len, reverse=True)
    return re.compile("|".join([*map(re.escape, longest_first), _TIME_OF_DAY]))
