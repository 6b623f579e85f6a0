"""A few messages in the form of the public data sets, so that tests need none of those."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

_WORDINGS = (
    "{}",
    "i have a question about {}",
    "please help me with {}",
    "tell me more about {}",
    "what do i do about {}",
    "{} is what i want to know about",
    "could you explain {}",
    "i am asking about {}",
    "information on {}, please",
    "hello, it is about {}",
)
_TRAINED, _VALIDATED = 6, 8
_LABELS = {
    "card_arrival": "my bank card that was sent by post",
    "exchange_rate": "the rate for changing euros into dollars",
    "lost_phone": "a phone that was stolen on the train",
    "top_up_failed": "money that did not reach my account",
    "change_pin": "picking a new secret number",
    "close_account": "leaving the bank for good",
}
_OUTSIDE = (
    "a recipe for apple pie",
    "the tallest mountain",
    "tomorrow's weather",
    "a joke about cats",
    "the winner of the match",
    "a poem in french",
    "the age of the universe",
    "how birds sleep",
)

Example = tuple[str, str]


def write_data(folder: Path) -> None:
    """Write BANKING77's and CLINC150's files with six labels and ten messages each."""
    (folder / "banking77").mkdir()
    _write_csv(folder / "banking77" / "train.csv", list(_say(_WORDINGS[:_VALIDATED])))
    _write_csv(folder / "banking77" / "test.csv", list(_say(_WORDINGS[_VALIDATED:])))
    (folder / "clinc150").mkdir()
    parts = {
        "train": list(_say(_WORDINGS[:_TRAINED])),
        "val": list(_say(_WORDINGS[_TRAINED:_VALIDATED])),
        "test": list(_say(_WORDINGS[_VALIDATED:])),
        "oos_train": [(f"{topic}, trained", "oos") for topic in _OUTSIDE[:4]],
        "oos_val": [(f"{topic}, val", "oos") for topic in _OUTSIDE[4:6]],
        "oos_test": [(f"{topic}, test", "oos") for topic in _OUTSIDE[6:]],
    }
    (folder / "clinc150" / "data_full.json").write_text(json.dumps(parts), "utf-8")


def _say(wordings: Sequence[str]) -> Iterator[Example]:
    for label, topic in _LABELS.items():
        for wording in wordings:
            yield wording.format(topic), label


def _write_csv(path: Path, examples: Sequence[Example]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("text", "category"))
        writer.writerows(examples)
