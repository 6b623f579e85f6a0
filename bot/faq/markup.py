"""The Markdown that answers may use: paragraphs, bold, lists and links."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product

from markdown_it import MarkdownIt
from markdown_it.token import Token

_MARKUP_CHARACTERS = re.compile(r"([\\`*_\[\]<&~])")
_LEADING_MARKUP = re.compile(r"^([#>+\-=~|]|\d+(?=[.)]))")
_SAFE_LINK = re.compile(r"(https?://[^/]|mailto:|tel:|/(?!/)|#)", re.IGNORECASE)

_NAMES = {
    "blockquote": "a quotation",
    "code_block": "code (a line indented by four spaces)",
    "code_inline": "code",
    "em": "italics",
    "fence": "code",
    "heading": "a heading",
    "hr": "a ruled line",
    "html_block": "HTML",
    "html_inline": "HTML",
    "image": "an image",
    "s": "struck-out text",
    "table": "a table",
}


@dataclass(frozen=True)
class Oddity:
    """Something that shoppers would not see as meant; `line` counts from 0 within the answer."""

    line: int
    message: str


@dataclass(frozen=True)
class Span:
    """A piece of one line that looks the same throughout."""

    text: str
    bold: bool = False
    href: str | None = None


class _EveryLink(MarkdownIt):
    """Parses links of every scheme, so that a bad one is found and not passed over as text."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's signature
        return True


@cache
def _parser() -> MarkdownIt:
    return _EveryLink("commonmark").enable(["table", "strikethrough"])


def find_oddities(answer: str) -> list[Oddity]:
    """List the markup outside the subset and the links that lead nowhere a shopper may go."""
    found = []
    for line, token in _tokens(answer):
        name = token.type.removesuffix("_open").removesuffix("_close")
        if name in _NAMES and not token.type.endswith("_close"):
            found.append(Oddity(line, f"{_NAMES[name]}; use paragraphs, bold, lists and links"))
        if token.type == "link_open" and not _SAFE_LINK.match(str(token.attrs["href"])):
            message = f"a link to {token.attrs['href']}; use https, http, mailto, tel or /path"
            found.append(Oddity(line, message))
    return found


def is_safe_link(target: str) -> bool:
    """Tell whether an answer may link there: the web, mail, telephone, a path or an anchor."""
    return bool(_SAFE_LINK.match(target))


def find_links(answer: str) -> list[tuple[int, str]]:
    """List where an answer links to, each with its line, which counts from 0."""
    return [
        (line, str(token.attrs["href"]))
        for line, token in _tokens(answer)
        if token.type == "link_open"
    ]


def _tokens(answer: str) -> Iterator[tuple[int, Token]]:
    line = 0
    for token in _parser().parse(answer):
        line = token.map[0] if token.map else line
        yield line, token
        for child in token.children or ():
            yield line, child


def holds_markup(line: str) -> bool:
    """Tell whether one line of text would be shown as anything but its characters."""
    blocks = _parser().parse(line)
    if [token.type for token in blocks] != ["paragraph_open", "inline", "paragraph_close"]:
        # Nothing at all is left of the definition of a link, such as `[1]: address`.
        return bool(line.strip())
    children = blocks[1].children or []
    return [(one.type, one.content) for one in children] != [("text", line)]


def escape(line: str) -> str:
    """Turn one line of plain text into Markdown that shows just its characters."""
    if not holds_markup(line):
        return line
    escaped = _MARKUP_CHARACTERS.sub(r"\\\1", line)
    return _LEADING_MARKUP.sub(_escape_leading, escaped)


def _escape_leading(match: re.Match[str]) -> str:
    # `1.` becomes `1\.`: Markdown knows no escaped digits.
    return match[0] + "\\" if match[0].isdigit() else "\\" + match[0]


def write_line(spans: Sequence[Span]) -> str:
    """Write one line of Markdown that shows just these spans, with as few escapes as that takes.

    Where Markdown cannot show bold, as between two letters beside a bracket, the text is plain.
    """
    wanted = _merge(spans)
    for escaped, bold in product((False, True), (True, False)):
        shown = wanted if bold else _merge([replace(span, bold=False) for span in wanted])
        line = "".join(_write_span(span, escaped) for span in shown)
        if escaped:
            line = _LEADING_MARKUP.sub(_escape_leading, line)
        if _read_line(line) == [_normalised(span) for span in shown]:
            return line
    return escape("".join(span.text for span in wanted).strip())


def _normalised(span: Span) -> Span:
    return replace(span, href=_parser().normalizeLink(span.href)) if span.href else span


def _write_span(span: Span, escaped: bool) -> str:
    text = _MARKUP_CHARACTERS.sub(r"\\\1", span.text) if escaped else span.text
    if escaped and text.endswith("!"):
        text = f"{text[:-1]}\\!"  # a link after it would be an image
    if span.href:
        text = f"[{text}]({span.href})"
    return f"**{text}**" if span.bold else text


def _read_line(line: str) -> list[Span] | None:
    """Read the spans of a line that is one paragraph of text, bold and links; else None."""
    blocks = _parser().parse(line)
    if [token.type for token in blocks] != ["paragraph_open", "inline", "paragraph_close"]:
        return None
    spans: list[Span] = []
    bold, href = False, None
    for token in blocks[1].children or ():
        match token.type:
            case "strong_open" | "strong_close":
                bold = token.type == "strong_open"
            case "link_open":
                href = str(token.attrs["href"])
            case "link_close":
                href = None
            case "text" | "text_special":
                spans.append(Span(token.content, bold, href))
            case _:
                return None
    return _merge(spans)


def _merge(spans: Sequence[Span]) -> list[Span]:
    """Join neighbours that look the same, and leave out empty ones."""
    merged: list[Span] = []
    for span in spans:
        before = merged[-1] if merged else None
        if before and (before.bold, before.href) == (span.bold, span.href):
            merged[-1] = replace(before, text=before.text + span.text)
        elif span.text:
            merged.append(span)
    return merged
