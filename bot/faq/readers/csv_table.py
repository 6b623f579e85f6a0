"""CSV tables, as spreadsheets and databases write them: commas, semicolons or tabs."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.faq.problems import ArticleError, Place, Problem
from bot.faq.readers.reading import Reading, Skipped
from bot.faq.readers.records import FIELDS, Record, field_name, read_records

_DELIMITERS = ",;\t"
_REQUIRED = ("question", "answer")


class CsvReader:
    """Reads files ending in .csv or .tsv; the first row names the columns."""

    suffixes = frozenset({".csv", ".tsv"})

    def read(self, text: str, path: Path) -> Reading:
        """See `Reader.read`."""
        rows = _rows(text, path)
        header = next(rows)
        columns = _columns(header, path)
        reading = read_records(_records(rows, columns, path), path)
        reason = f"a column that is not read; read are {', '.join(FIELDS)}"
        unread = [
            Skipped(Place(path, header.line), cell.strip() or f"column {number}", reason)
            for number, (cell, name) in enumerate(zip(header.cells, columns, strict=True), 1)
            if name not in FIELDS
        ]
        return Reading(reading.articles, (*unread, *reading.skipped))


@dataclass(frozen=True)
class _Row:
    line: int
    cells: list[str]


def _rows(text: str, path: Path) -> Iterator[_Row]:
    """Yield the rows that hold something, each with the line on which it starts."""
    first_line = text.partition("\n")[0]
    delimiter = _guess_delimiter(text)
    before = 0
    if told := re.fullmatch(r"sep=(.)", first_line, re.IGNORECASE):
        delimiter = told[1]  # how a file tells Excel
        before = 1
        text = text.partition("\n")[2]
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    line = before + 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _Row(line, cells)
            line = before + reader.line_num + 1
    except csv.Error as error:
        raise ArticleError([Problem(Place(path, line), _explain(error))]) from error


def _guess_delimiter(text: str) -> str:
    """Choose the delimiter with which the first row has most of the columns that are read."""
    header = text.lstrip("\n").partition("\n")[0]

    def hits(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader([header], delimiter=delimiter), [])
        return sum(field_name(cell) in FIELDS for cell in cells), len(cells)

    return max(_DELIMITERS, key=hits)


def _explain(error: csv.Error) -> str:
    text = str(error)
    if "unexpected end of data" in text:
        return 'a text in quotes is not closed; end it with "'
    if "expected after" in text:
        return 'a quote within a text must be doubled, as in "the ""big"" box"'
    if "field limit" in text:
        return f"a text is longer than {csv.field_size_limit():,} characters; shorten it"
    return f"this row cannot be read: {text}"


def _columns(header: _Row, path: Path) -> list[str]:
    columns = [field_name(cell) for cell in header.cells]
    place = Place(path, header.line)
    found = ", ".join(cell.strip() for cell in header.cells if cell.strip())
    if missing := [name for name in _REQUIRED if name not in columns]:
        message = (
            f"there is no column `{'` and no column `'.join(missing)}`; the columns are {found}: "
            f"rename them to {', '.join(FIELDS)}"
        )
        raise ArticleError([Problem(place, message)])
    if twice := [name for name in FIELDS if columns.count(name) > 1]:
        message = f"the column `{twice[0]}` is there twice; keep one of them"
        raise ArticleError([Problem(place, message)])
    return columns


def _records(rows: Iterator[_Row], columns: list[str], path: Path) -> list[Record]:
    records = []
    problems = []
    for row in rows:
        if any(cell.strip() for cell in row.cells[len(columns) :]):
            message = (
                f"{len(row.cells)} cells for {len(columns)} columns; a text that holds the "
                "delimiter must be in quotes"
            )
            problems.append(Problem(Place(path, row.line), message))
        values = dict(zip(columns, row.cells, strict=False))
        known = {name: value for name, value in values.items() if name in FIELDS}
        records.append(Record(row.line, known))
    if problems:
        raise ArticleError(problems)
    return records
