"""JSON with the line on which each value starts, which Python's own parser does not tell."""

import json
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.faq.problems import ArticleError, Place, Problem

_SPACE = re.compile(r"[ \t\n\r]*")
_MAX_LISTED = 80


def _refuse_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _RepeatedName(twice)
    return values


class _RepeatedName(ValueError):
    """An object has one name twice, and JSON does not say which counts."""


_DECODER = json.JSONDecoder(object_pairs_hook=_refuse_repeats)


@dataclass(frozen=True)
class Located:
    """A value and where it starts: its line, and its offset in the text of the file."""

    line: int
    start: int
    value: Any


class JsonText:
    """The text of a JSON file; every error names the file and the line."""

    def __init__(self, text: str, path: Path) -> None:
        self._text = text
        self._path = path
        self._line_ends = [match.start() for match in re.finditer("\n", text)]

    def values(self) -> Iterator[Located]:
        """Yield the values that follow one another: one in a JSON file, one a line in JSON Lines.

        Raises:
            ArticleError: a value is cut short or is no JSON.
        """
        position = self._skip_space(0)
        in_lines = False
        while position < len(self._text):
            end = self._line_end(position)
            start = position
            # Were it not for the end of its line, a line cut short would swallow the next one.
            located, position = self._value(start, end if in_lines else None)
            yield located
            in_lines |= position <= end
            position = self._skip_space(position)

    def items(self, array: Located) -> Iterator[Located]:
        """Yield the items of an array that `values` or `member` gave."""
        position = self._skip_space(array.start + 1)
        for _ in array.value:
            located, position = self._value(position)
            yield located
            position = self._skip_space(self._skip_space(position) + 1)

    def member(self, parent: Located, name: str) -> Located:
        """Find the value of a name in an object that has it."""
        position = self._skip_space(parent.start + 1)
        while True:
            key, position = self._value(position)
            position = self._skip_space(self._skip_space(position) + 1)
            located, position = self._value(position)
            if key.value == name:
                return located
            position = self._skip_space(self._skip_space(position) + 1)

    def problem(self, start: int, message: str) -> ArticleError:
        """Make an error for what stands at an offset."""
        return ArticleError([Problem(Place(self._path, self._line(start)), message)])

    def _line(self, position: int) -> int:
        return bisect_left(self._line_ends, position) + 1

    def _line_end(self, position: int) -> int:
        end = self._text.find("\n", position)
        return len(self._text) if end < 0 else end

    def _skip_space(self, position: int) -> int:
        match = _SPACE.match(self._text, position)
        return match.end() if match else position

    def _value(self, start: int, limit: int | None = None) -> tuple[Located, int]:
        text, origin = self._text, 0
        if limit is not None:
            text, origin = text[start:limit], start
        try:
            value, end = _DECODER.raw_decode(text, start - origin)
        except json.JSONDecodeError as error:
            raise self._broken(error, start, origin) from error
        except _RepeatedName as error:
            raise self.problem(start, f"`{error}` appears twice in one object; keep one") from error
        except (ValueError, RecursionError) as error:
            raise self.problem(start, "is nested too deeply, or holds too long a number") from error
        return Located(self._line(start), start, value), end + origin

    def _broken(self, error: json.JSONDecodeError, start: int, origin: int) -> ArticleError:
        before = error.doc[: error.pos].rstrip()
        rest_of_line = error.doc[error.pos :].partition("\n")[0].strip()
        if not rest_of_line or error.msg.startswith(("Unterminated string", "Invalid control")):
            begins = self._text[start : self._line_end(start)][:_MAX_LISTED]
            message = f"is cut short: {begins!r} does not end; export it again"
            return self.problem(origin + len(before), message)
        message = f"is not valid JSON: {error.msg}; mend it or export it again"
        return self.problem(origin + error.pos, message)
