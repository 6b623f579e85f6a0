"""HTML of an answer turned into the Markdown that answers may use.

Paragraphs, bold, lists and links stay; headings become bold lines; what only styles is dropped.
What cannot be told in a chat, such as tables and images, is left out and listed.
"""

import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning
from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from bot.faq.markup import Span, is_safe_link, write_line

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
SILENT = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "title",
        "meta",
        "link",
        "svg",
        "source",
        "track",
        "wbr",
        "colgroup",
    ]
)
"""Elements that show nothing of their own."""

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "header",
        "hr",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "ul",
    ]
).union(HEADINGS)
_LOST: Mapping[str, str] = {
    "audio": "a recording",
    "button": "a button",
    "canvas": "a drawing",
    "del": "struck-out text",
    "embed": "an embedded page or video",
    "form": "a form",
    "iframe": "an embedded page or video",
    "img": "an image",
    "input": "a form",
    "math": "a formula",
    "object": "an embedded page or video",
    "s": "struck-out text",
    "select": "a form",
    "strike": "struck-out text",
    "table": "a table",
    "textarea": "a form",
    "video": "a video",
}
_PARTING = frozenset({"form", "iframe", "table", "video"})
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_NOT_IN_LINKS = re.compile(r"[\s()<>\[\]{}\"`\\^|]")


@dataclass(frozen=True)
class Lost:
    """Something that the Markdown does not hold; `line` is that of the HTML."""

    line: int | None
    text: str
    reason: str


@dataclass(frozen=True)
class Converted:
    """An answer in Markdown and what did not get into it."""

    markdown: str
    lost: tuple[Lost, ...]


def parse_html(text: str) -> BeautifulSoup:
    """Parse HTML as browsers do, with whatever is wrong in it."""
    with warnings.catch_warnings():
        # A text that is only an address, or begins as XML, is fine here.
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        return BeautifulSoup(text, "html5lib")


def convert_html(html: str, base: str | None = None) -> Converted:
    """Convert a piece of HTML; `base` is the address that its relative links start from."""
    body = parse_html(html).body
    return convert_nodes(body.children if body else (), base)


def convert_nodes(nodes: Iterable[PageElement], base: str | None = None) -> Converted:
    """Convert elements of a page; `base` is the address that its relative links start from."""
    writer = _Writer(base)
    blocks = writer.blocks(nodes)
    return Converted("\n\n".join(block.text for block in blocks), tuple(writer.lost))


def resolve(base: str | None, href: str) -> str:
    """Say where a link of a page leads; as it stands if it has no base, or is no address at all."""
    if not base or re.match(r"[a-z][a-z0-9+.-]*:", href, re.IGNORECASE):
        return href
    try:
        return urljoin(base, href)
    except ValueError:
        return href


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode())


def plain_text(element: PageElement) -> str:
    """Give the text of an element as one line, without what is only decoration."""
    if not isinstance(element, Tag):
        return collapse(element.get_text()).strip()
    parts = [
        string
        for string in element.find_all(string=True)
        if not isinstance(string, PreformattedString) and not _is_decoration(string, element)
    ]
    return collapse("".join(parts)).strip()


def own_terms(definitions: Tag) -> list[Tag]:
    """List the terms and definitions of a `<dl>`, without those of another one in it."""
    return [
        one for one in definitions.find_all(["dt", "dd"]) if one.find_parent("dl") is definitions
    ]


def _is_decoration(string: PageElement, within: Tag) -> bool:
    for parent in string.parents:
        if parent is within:
            return False
        if parent.name in SILENT or parent.get("aria-hidden") == "true":
            return True
    return False


def collapse(text: str) -> str:
    """Collapse white space as browsers do, no-break spaces too, and drop invisible characters."""
    return re.sub(r"\s+", " ", _INVISIBLE.sub("", text))


@dataclass(frozen=True)
class _Block:
    text: str
    is_list: bool = False


class _Writer:
    """Writes blocks; `lost` grows on the way."""

    def __init__(self, base: str | None) -> None:
        self._base = base
        self.lost: list[Lost] = []

    def blocks(self, nodes: Iterable[PageElement]) -> list[_Block]:
        blocks: list[_Block] = []
        run: list[PageElement] = []
        for node in nodes:
            if isinstance(node, Tag) and _is_block(node):
                blocks += self._paragraphs(run)
                run = []
                blocks += self._block(node)
            else:
                run.append(node)
        return blocks + self._paragraphs(run)

    def _block(self, tag: Tag) -> list[_Block]:
        if tag.name in HEADINGS or tag.name in ("dt", "summary"):
            return self._paragraphs(tag.children, bold=True)
        writers: Mapping[str, Callable[[Tag], list[_Block]]] = {
            "dl": self._definitions,
            "menu": self._list,
            "ol": self._list,
            "ul": self._list,
        }
        write = writers.get(tag.name)
        return write(tag) if write else self.blocks(tag.children)

    def _paragraphs(self, nodes: Iterable[PageElement], *, bold: bool = False) -> list[_Block]:
        """Write inline content; two line breaks part paragraphs, one a line within."""
        spans = [span for node in nodes for span in self._spans(node, Span("", bold))]
        lines = [write_line(line) for line in _lines(spans)]
        paragraphs = re.split(r"\n{2,}", "\n".join(lines).strip("\n"))
        return [_Block(text) for text in paragraphs if text]

    def _list(self, tag: Tag) -> list[_Block]:
        ordered = tag.name == "ol"
        number = _start(tag)
        items: list[str] = []
        for child in tag.children:
            is_item = isinstance(child, Tag) and child.name == "li"
            blocks = self.blocks(child.children if isinstance(child, Tag) and is_item else [child])
            marker = f"{number}. " if ordered else "- "
            if not is_item and items and all(block.is_list for block in blocks):
                marker = " " * len(marker)  # a list right in a list belongs to the item before
            if blocks:
                items.append(_indent(blocks, marker))
                number += marker.strip() != ""
        return [_Block("\n".join(items), is_list=True)] if items else []

    def _definitions(self, tag: Tag) -> list[_Block]:
        items: list[str] = []
        term: list[Span] = []
        for child in own_terms(tag):
            if child.name == "dt":
                term = self._spans(child, Span("", bold=True))
                continue
            blocks = self.blocks(child.children)
            title = write_line(_lines(term)[0]) if term else ""
            if title and blocks and not blocks[0].is_list:
                blocks[0] = _Block(f"{title}: {blocks[0].text}")
            elif title:
                blocks.insert(0, _Block(title))
            if blocks:
                items.append(_indent(blocks, "- "))
            term = []
        return [_Block("\n".join(items), is_list=True)] if items else []

    def _spans(self, node: PageElement, style: Span) -> list[Span]:
        """Flatten inline content; a line break is a span of one newline."""
        if isinstance(node, NavigableString):
            shown = not isinstance(node, PreformattedString)
            return [replace(style, text=collapse(node))] if shown else []
        if not isinstance(node, Tag) or node.name in SILENT:
            return []
        if node.name == "br":
            return [Span("\n")]
        if node.name in _LOST:
            self._lose(node, _LOST[node.name])
            return [Span("\n"), Span("\n")] if node.name in _PARTING else []
        if node.name in ("b", "strong") and not style.href:
            style = replace(style, bold=True)
        if node.name == "a" and (href := self._target(node)):
            style = replace(style, href=href)
        return [span for child in node.children for span in self._spans(child, style)]

    def _target(self, tag: Tag) -> str | None:
        href = re.sub(r"[\t\n\r]", "", str(tag.get("href") or "")).strip()
        if not href:
            return None
        target = resolve(self._base, href)
        # An anchor leads nowhere without the page that it was on.
        if not is_safe_link(target) or target.startswith("#"):
            reason = "a link that leads nowhere from a chat; its text is kept"
            self.lost.append(Lost(tag.sourceline, f"{plain_text(tag)} ({href})", reason))
            return None
        return _NOT_IN_LINKS.sub(_percent, target)

    def _lose(self, tag: Tag, what: str) -> None:
        text = str(tag.get("alt") or tag.get("title") or "") or tag.get_text(" ")
        text = text.strip() or str(tag.get("src") or "") or f"<{tag.name}>"
        self.lost.append(Lost(tag.sourceline, shorten(text), f"{what}; answers have none"))


def _is_block(tag: Tag) -> bool:
    if tag.name in _BLOCKS:
        return True
    # A link or a span around paragraphs is no line of text either.
    return tag.name not in _LOST and tag.find(list(_BLOCKS)) is not None


def _start(tag: Tag) -> int:
    start = str(tag.get("start") or "1")
    return int(start) if start.isdecimal() and len(start) < 5 else 1


def _indent(blocks: Sequence[_Block], marker: str) -> str:
    """Write the blocks of one item behind its marker, a list right below its paragraph."""
    text = blocks[0].text
    for block in blocks[1:]:
        text += ("\n" if block.is_list else "\n\n") + block.text
    margin = " " * len(marker)
    return marker + re.sub(r"\n(?=[^\n])", f"\n{margin}", text)


def _lines(spans: Iterable[Span]) -> list[list[Span]]:
    """Part spans at line breaks and move white space where browsers would show it."""
    lines: list[list[Span]] = [[]]
    for span in spans:
        if span.text == "\n":
            lines.append([])
        else:
            lines[-1].append(span)
    return [list(_tidy(line)) for line in lines]


def _tidy(line: Sequence[Span]) -> Iterator[Span]:
    """Collapse white space across spans, and leave none at the edges of bold and links."""
    before: Span | None = None
    spaced = False
    for span in line:
        text = span.text.strip()
        spaced |= span.text[:1].isspace()
        if not text:
            continue
        if spaced and before:
            alike = (before.bold, before.href) == (span.bold, span.href)
            yield replace(span if alike else Span(""), text=" ")
        yield replace(span, text=text)
        before, spaced = span, span.text[-1:].isspace()


def shorten(text: str, length: int = 80) -> str:
    """Cut a text that is only named in a report."""
    text = collapse(text).strip()
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
