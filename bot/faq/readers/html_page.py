"""What a page says about itself: its address, its place in the help center, when it was changed."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bs4 import BeautifulSoup
from bs4.dammit import EncodingDetector
from bs4.element import Tag

from bot.faq.front_matter import is_page_address
from bot.faq.readers.html_answer import plain_text, resolve
from bot.faq.readers.reading import parse_day
from bot.faq.readers.structured_data import StructuredData

_CRUMBS = (
    '[itemtype$="schema.org/BreadcrumbList"]',
    'nav[aria-label*="breadcrumb" i]',
    '[class*="breadcrumb" i]',
)
_CHANGED = (
    ('meta[property="article:modified_time"]', "content"),
    ('meta[property="og:updated_time"]', "content"),
    ('meta[itemprop="dateModified"]', "content"),
    ('meta[name="last-modified" i]', "content"),
    ('meta[name="dcterms.modified" i]', "content"),
    ('[itemprop="dateModified"]', "datetime"),
)


def find_declared_encoding(data: bytes) -> str | None:
    """Find the encoding that a page declares in its head, as browsers understand the name."""
    label = EncodingDetector.find_declared_encoding(data, is_html=True)
    if label is None:
        return None
    name = codecs.lookup(label).name
    if name in ("ascii", "iso8859-1"):
        return "cp1252"  # what pages that say Latin-1 have always held (WHATWG Encoding Standard)
    # Whoever could read the declaration as ASCII knows that it is not UTF-16.
    return "utf-8" if name.startswith("utf-16") else name


@dataclass(frozen=True)
class PageFacts:
    """What holds for every article of a page.

    `base` is the address that relative links start from; None if the page does not say.
    """

    url: str | None
    base: str | None
    breadcrumb: tuple[str, ...]
    updated_at: date | None


def find_facts(page: BeautifulSoup, data: StructuredData) -> PageFacts:
    """Collect what a page says about itself."""
    url = _attribute(page, 'link[rel~="canonical"]', "href") or _attribute(
        page, 'meta[property="og:url"]', "content"
    )
    url = url if url and is_page_address(url) else None
    base = _attribute(page, "base[href]", "href")
    return PageFacts(
        url=url,
        base=resolve(url, base) if base else url,
        breadcrumb=_find_breadcrumb(page) or data.breadcrumb,
        updated_at=_find_changed(page) or data.updated_at,
    )


def _attribute(page: Tag, selector: str, name: str) -> str | None:
    found = page.select_one(selector)
    return str(found.get(name) or "").strip() or None if found else None


def _find_breadcrumb(page: Tag) -> tuple[str, ...]:
    for selector in _CRUMBS:
        found = page.select_one(selector)
        crumbs = tuple(_crumbs(found)) if found else ()
        if crumbs:
            return crumbs
    return ()


def _crumbs(element: Tag) -> Iterator[str]:
    steps = element.find_all("li") or element.find_all(["a", "span"], recursive=False)
    for step in steps:
        text = plain_text(step).strip(" >›»/·|")
        if text:
            yield text


def _find_changed(page: Tag) -> date | None:
    for selector, name in _CHANGED:
        if day := parse_day(_attribute(page, selector, name) or ""):
            return day
    # One moment in the whole page is its own; of several nobody knows which.
    times = {str(one["datetime"]) for one in page.select("time[datetime]")}
    return parse_day(times.pop()) if len(times) == 1 else None
