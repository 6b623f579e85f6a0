"""What a shopper wants, as it is kept for a later turn or behind a choice."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Wish:
    """One question of a shopper.

    `labels` are those of the product, such as `order_status` or `faq/<id>`; more than one means
    that it is not clear which. `values` are entity values by name, `text` is what was typed.
    """

    labels: tuple[str, ...]
    values: Mapping[str, str]
    text: str

    @classmethod
    def from_plain(cls, value: Any) -> Self | None:
        """Read what `to_plain` gave; None for anything else."""
        if not isinstance(value, Mapping):
            return None
        labels, values, text = value.get("labels"), value.get("values"), value.get("text")
        if not (isinstance(labels, list) and labels and isinstance(values, Mapping)):
            return None
        texts = [*labels, *values, *values.values(), text]
        if not all(isinstance(one, str) for one in texts):
            return None
        return cls(tuple(labels), dict(values), str(text))

    def to_plain(self) -> dict[str, Any]:
        """Give the same in types that JSON keeps."""
        return {"labels": list(self.labels), "values": dict(self.values), "text": self.text}

    def payload(self, label: str) -> str:
        """Give the payload of a choice of this label, with the values that were said."""
        values = json.dumps(dict(self.values)) if self.values else ""
        return f"/{label}{values}"


@dataclass(frozen=True, slots=True)
class Clarification:
    """The open question what was meant; `key` tells it from an earlier one of its kind."""

    key: str
    wish: Wish

    @classmethod
    def from_plain(cls, value: Any) -> Self | None:
        """Read what `to_plain` gave; None for anything else."""
        if not isinstance(value, Mapping):
            return None
        key, wish = value.get("key"), Wish.from_plain(value.get("wish"))
        return cls(key, wish) if isinstance(key, str) and key and wish else None

    def to_plain(self) -> dict[str, Any]:
        """Give the same in types that JSON keeps."""
        return {"key": self.key, "wish": self.wish.to_plain()}

    @property
    def question(self) -> str:
        """Name the question as the choice that declines it does."""
        return f"did_you_mean:{self.key}"
