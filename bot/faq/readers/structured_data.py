"""What a page says in JSON-LD with the words of schema.org: questions, breadcrumb, dates."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from bs4.element import Tag

from bot.faq.problems import Place
from bot.faq.readers.html_answer import collapse
from bot.faq.readers.reading import Skipped, parse_day

_MAX_DEPTH = 20


@dataclass(frozen=True)
class DataQuestion:
    """A question with its answer as HTML, and the line of the page it is on."""

    line: int
    text: str
    answer: str


@dataclass
class StructuredData:
    """What was found in the page's JSON-LD."""

    questions: list[DataQuestion] = field(default_factory=list)
    breadcrumb: tuple[str, ...] = ()
    updated_at: date | None = None
    skipped: list[Skipped] = field(default_factory=list)


def find_structured_data(page: Tag, path: Path) -> StructuredData:
    """Read every JSON-LD script of a page; one that is no JSON is reported, as browsers pass it."""
    found = StructuredData()
    for script in page.find_all("script", type="application/ld+json"):
        line = script.sourceline or 1
        text = script.string or ""
        try:
            root = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            reason = "structured data that is not valid JSON"
            found.skipped.append(Skipped(Place(path, line), "application/ld+json", reason))
            continue
        for item in _items(root):
            _take(item, found, text, line)
    return found


def _items(value: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """Yield every object, the outer ones first."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, dict):
        yield value
    children = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict | list):
        for child in children:
            yield from _items(child, depth + 1)


def _take(item: Mapping[str, Any], found: StructuredData, text: str, line: int) -> None:
    kinds = item.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if "Question" in kinds:
        question = _text(item, "name") or _text(item, "text")
        if question:
            answer = _answer(item.get("acceptedAnswer"))
            place = line + _line_within(text, question)
            found.questions.append(DataQuestion(place, collapse(question).strip(), answer))
    if "BreadcrumbList" in kinds and not found.breadcrumb:
        found.breadcrumb = tuple(_crumbs(item.get("itemListElement")))
    if found.updated_at is None:
        found.updated_at = parse_day(_text(item, "dateModified"))


def _answer(value: Any) -> str:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict) and (text := _text(item, "text")):
            return text
    return ""


def _crumbs(elements: Any) -> Iterator[str]:
    for element in elements if isinstance(elements, list) else []:
        if isinstance(element, dict):
            item = element.get("item")
            name = _text(element, "name") or (_text(item, "name") if isinstance(item, dict) else "")
            if name:
                yield collapse(name).strip()


def _text(item: Mapping[str, Any], key: str) -> str:
    value = item.get(key)
    return value if isinstance(value, str) else ""


def _line_within(text: str, question: str) -> int:
    start = max(text.find(question), text.find(json.dumps(question)[1:-1]), 0)
    return text.count("\n", 0, start)
