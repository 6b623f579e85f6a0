"""Cuts a page into marks, in its order: headings, questions marked as such, and all other content.

Questions are marked by `<details>`, by a `<dl>`, by schema.org's microdata; as headings count those
of accordions and bold lines that ask, too.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from bot.faq.readers.html_answer import HEADINGS, SILENT, collapse, own_terms, plain_text

_LEFT_OUT = frozenset({"nav", "footer"}) | SILENT
_QUESTION_ITEM = re.compile(r"schema\.org/Question$")
_OPENS = re.compile(
    r"(how|what|why|where|when|who|which|whose)\s+(do|does|did|can|could|is|are|am|was|were|will|would|"
    r"should|shall|may|must|have|has|if|to|much|many|long|often|soon|far|about)(n['’]t)?\s|"
    r"(can|could|do|does|did|is|are|will|would|should|may|must|have|has)(n['’]t)?\s+"
    r"(i|you|we|my|your|our|it|there|the|this|they)\s",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"\b(comments?|cookies?|newsletter|pagination|recently-viewed|related|search|share|social|toc|"
    r"table-of-contents|votes?)\b",
    re.IGNORECASE,
)
_NUMBERING = re.compile(r"(q(uestion)?\s*\d*\s*[.:)]|\d{1,3}[.)])\s+", re.IGNORECASE)
_TOGGLE = re.compile(r"\s+[-+–−×▸▾▼▲►›»⌄˅]$|^[-+–−▸▾▼▲►›»]\s+")
_ACCORDION_LEVEL = 7

BOLD_LINE_LEVEL = 8
"""Level of a bold line that asks."""


def asks(text: str) -> bool:
    """Tell whether a heading is a question: by its question mark, or by how it begins."""
    return text.endswith(("?", "？")) or bool(_OPENS.match(text + " "))


@dataclass
class FoundQuestion:
    """A question of a page, the elements of its answer, and the headings above it."""

    element: Tag
    text: str
    nodes: list[PageElement]
    sections: tuple[str, ...] = ()
    phrasings: tuple[str, ...] = ()
    level: int = 0

    @property
    def line(self) -> int:
        """The line of the page on which the question stands."""
        return self.element.sourceline or 1

    @property
    def anchor(self) -> str | None:
        """The `id` that leads to the question: its own, or that of the item around it."""
        around = self.element.find_parent(_is_around_one_question)
        for element in (self.element, *self.element.find_all(id=True), around):
            if isinstance(element, Tag) and element.get("id"):
                return str(element["id"])
        return None


def _is_around_one_question(tag: Tag) -> bool:
    return tag.name in ("details", "li") or _is_item(tag)


@dataclass
class LeftOver:
    """Content of a page that belongs to no question."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True)
class Heading:
    """A heading, with 1 for `<h1>` as its level; what only looks like one lies below all others."""

    element: Tag
    level: int
    text: str
    marked: bool = False  # an accordion: a question even without a question mark


Mark = Heading | FoundQuestion | LeftOver | PageElement


def cut_into_marks(root: Tag) -> list[Mark]:
    """Cut what stands below an element into marks; menus, footers and the like are left out."""
    return list(_marks(root, in_content=root.name != "body"))


def _marks(parent: Tag, *, in_content: bool) -> Iterator[Mark]:
    for child in parent.children:
        if isinstance(child, NavigableString):
            if child.strip() and not isinstance(child, PreformattedString):
                yield child
        elif not isinstance(child, Tag) or _is_left_out(child, in_content):
            continue
        elif _BESIDE.search(_names(child)) and not _holds_questions(child):
            if text := collapse(child.get_text(" ")).strip():
                yield LeftOver(child.sourceline or 1, text, "a part of the page beside its answers")
        else:
            yield from _marks_of(child, in_content=in_content or child.name in ("main", "article"))


def _is_left_out(tag: Tag, in_content: bool) -> bool:
    # Within the content a header holds its title, and an aside a note on what is said there.
    crumbs = "breadcrumb" in _names(tag).lower()
    return tag.name in _LEFT_OUT or crumbs or (tag.name in ("header", "aside") and not in_content)


def _holds_questions(tag: Tag) -> bool:
    # Some shops wrap all they have in an element that is named after their search.
    return any(not _is_heading(mark) or asks(_title(mark)) for mark in tag.find_all(_is_mark))


def _names(tag: Tag) -> str:
    names = (tag.get("class"), tag.get("id"), tag.get("itemtype"))
    return " ".join(one if isinstance(one, str) else " ".join(one) for one in names if one)


def _marks_of(tag: Tag, *, in_content: bool) -> Iterator[Mark]:
    read = next((read for is_kind, read in _KINDS if is_kind(tag)), None)
    if read:
        yield from read(tag)
    elif tag.find(_is_mark):
        yield from _marks(tag, in_content=in_content)
    else:
        yield tag


def _is_item(tag: Tag) -> bool:
    return bool(_QUESTION_ITEM.search(str(tag.get("itemtype") or "")))


def _read_item(tag: Tag) -> Iterator[Mark]:
    name = tag.find(itemprop="name")
    answer = tag.find(itemprop="acceptedAnswer")
    text = answer.find(itemprop="text") if isinstance(answer, Tag) else None
    body = text or answer
    if isinstance(name, Tag) and isinstance(body, Tag):
        yield FoundQuestion(name, _title(name), list(body.children))
    else:
        yield from _marks(tag, in_content=True)


def _is_details(tag: Tag) -> bool:
    return tag.name == "details"


def _read_details(tag: Tag) -> Iterator[Mark]:
    summary = tag.find("summary", recursive=False)
    if not isinstance(summary, Tag):
        yield tag
    elif tag.find("details"):
        yield Heading(summary, 6, _title(summary))
        for child in tag.children:
            if child is not summary and isinstance(child, Tag):
                yield from _marks_of(child, in_content=True)
    else:
        answer = [child for child in tag.children if child is not summary]
        yield FoundQuestion(summary, _title(summary), answer)


def _is_definitions(tag: Tag) -> bool:
    return tag.name == "dl" and tag.find("dd") is not None


def _read_definitions(tag: Tag) -> Iterator[Mark]:
    """Read pairs of term and definition: all are questions if one of them is."""
    terms: list[Tag] = []
    found: list[FoundQuestion] = []
    for child in own_terms(tag):
        if child.name == "dt":
            terms = [*terms, child]
            continue
        if terms:
            first, *others = [(term, _title(term)) for term in terms]
            phrasings = tuple(text for _, text in others)
            found.append(FoundQuestion(*first, list(child.children), phrasings=phrasings))
        elif found:
            found[-1].nodes += child.children  # a second definition of the same term
        terms = []
    if any(asks(one.text) for one in found):
        yield from found
    else:
        yield tag


def _is_heading(tag: Tag) -> bool:
    return tag.name in HEADINGS


def _read_heading(tag: Tag) -> Iterator[Mark]:
    if text := _title(tag):
        yield Heading(tag, int(tag.name[1]), text, tag.find(_is_accordion) is not None)


def _is_accordion(tag: Tag) -> bool:
    if tag.name != "button" and tag.get("role") != "button":
        return False
    named = re.search(r"accordion|collaps|faq|question", _names(tag), re.IGNORECASE)
    return bool(named) or tag.has_attr("aria-expanded") or tag.has_attr("aria-controls")


def _read_accordion(tag: Tag) -> Iterator[Mark]:
    if text := _title(tag):
        yield Heading(tag, _ACCORDION_LEVEL, text, marked=True)


def _is_bold_question(tag: Tag) -> bool:
    """Tell whether a paragraph opens with a bold question that fills its first line."""
    if tag.name not in ("p", "div"):
        return False
    first = next(_shown_children(tag), None)
    if not isinstance(first, Tag) or first.name not in ("b", "strong"):
        return False
    following = next(iter(list(_shown_children(tag))[1:]), None)
    alone = following is None or (isinstance(following, Tag) and following.name == "br")
    return alone and asks(_title(first))


def _read_bold_question(tag: Tag) -> Iterator[Mark]:
    first, *rest = _shown_children(tag)
    if isinstance(first, Tag):
        yield Heading(first, BOLD_LINE_LEVEL, _title(first))
    yield from rest


def _shown_children(tag: Tag) -> Iterator[PageElement]:
    for child in tag.children:
        if isinstance(child, Tag) or (isinstance(child, NavigableString) and child.strip()):
            yield child


_KINDS: tuple[tuple[Callable[[Tag], bool], Callable[[Tag], Iterator[Mark]]], ...] = (
    (_is_item, _read_item),
    (_is_details, _read_details),
    (_is_definitions, _read_definitions),
    (_is_heading, _read_heading),
    (_is_accordion, _read_accordion),
    (_is_bold_question, _read_bold_question),
)


def _is_mark(tag: Tag) -> bool:
    return any(is_kind(tag) for is_kind, _ in _KINDS)


def _title(tag: Tag) -> str:
    return _NUMBERING.sub("", _TOGGLE.sub("", plain_text(tag)), count=1).strip()
