"""JSON: articles one a line, an array of them, or the export of a help center at Zendesk.

What a file holds is told by its content: `.json` often ends the name of JSON Lines, and of exports.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.faq.problems import ArticleError, Place, Problem
from bot.faq.readers.json_values import JsonText, Located
from bot.faq.readers.reading import Reading
from bot.faq.readers.records import Record, field_name, read_records
from bot.faq.readers.zendesk import is_export, is_export_article, read_export


class JsonReader:
    """Reads files ending in .json, .jsonl or .ndjson."""

    suffixes = frozenset({".json", ".jsonl", ".ndjson"})

    def read(self, text: str, path: Path) -> Reading:
        """See `Reader.read`."""
        source = JsonText(text, path)
        values = list(source.values())
        first = values[0]
        if all(is_export(one.value) for one in values):
            return read_export(source, values, path)
        if len(values) == 1 and isinstance(first.value, list):
            values = list(source.items(first))
            if values and all(is_export(one.value) for one in values):
                return read_export(source, values, path)  # the pages of an export in one array
        if values and all(is_export_article(one.value) for one in values):
            return read_export(source, values, path)
        return read_records(_records(values, path), path)


def _records(values: Sequence[Located], path: Path) -> list[Record]:
    problems = [
        Problem(Place(path, one.line), _no_record(one.value))
        for one in values
        if not isinstance(one.value, dict)
    ]
    if not values:
        problems.append(Problem(Place(path), "is an empty list; there is no article in it"))
    if problems:
        raise ArticleError(problems)
    return [
        Record(one.line, {field_name(name): value for name, value in one.value.items()})
        for one in values
    ]


def _no_record(value: Any) -> str:
    kind = "a list" if isinstance(value, list) else "a single value"
    return f'is {kind} and no article; write {{"question": "…", "answer": "…"}}'
