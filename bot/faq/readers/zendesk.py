"""The export of a help center at Zendesk, as its Help Center API gives it.

Fields: https://developer.zendesk.com/api-reference/help_center/help-center-api/articles/, and the
pages on sections and categories beside it. One file may hold all three, several pages, or articles
only; what it lacks is looked up in `sections.json` and `categories.json` beside it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.faq.articles import Article, LocatedArticle, question_problem
from bot.faq.files import read_text
from bot.faq.front_matter import is_page_address
from bot.faq.problems import ArticleError, Place, Problem
from bot.faq.readers.html_answer import collapse, convert_html, shorten
from bot.faq.readers.json_values import JsonText, Located
from bot.faq.readers.reading import Reading, Skipped, parse_day

_LISTS = ("articles", "sections", "categories")
_LANGUAGE = "en"  # what the sentence encoder reads


def is_export(value: Any) -> bool:
    """Tell whether a JSON value is an answer of the API: articles, sections or categories."""
    return isinstance(value, dict) and any(isinstance(value.get(name), list) for name in _LISTS)


def is_export_article(value: Any) -> bool:
    """Tell whether a JSON value is an article of the API."""
    return isinstance(value, dict) and "body" in value and bool({"title", "name"} & set(value))


@dataclass
class _Groups:
    """The sections and categories by id."""

    sections: dict[Any, Mapping[str, Any]] = field(default_factory=dict)
    categories: dict[Any, Mapping[str, Any]] = field(default_factory=dict)

    def take(self, values: Iterable[Any]) -> None:
        for value in values:
            if is_export(value):
                self.sections |= _by_id(value.get("sections"))
                self.categories |= _by_id(value.get("categories"))

    def breadcrumb(self, section_id: Any) -> tuple[str, ...]:
        """Name the category and the sections that lead to an article, the outermost first."""
        crumbs: list[str] = []
        seen: set[Any] = set()
        while (section := self.sections.get(section_id)) and section_id not in seen:
            seen.add(section_id)
            crumbs.insert(0, _name(section))
            category = self.categories.get(section.get("category_id"))
            section_id = section.get("parent_section_id")
            if not section_id and category:
                crumbs.insert(0, _name(category))
        return tuple(crumb for crumb in crumbs if crumb)


def read_export(source: JsonText, values: Sequence[Located], path: Path) -> Reading:
    """Read the articles of an export; `values` are answers of the API, or articles one by one.

    Raises:
        ArticleError: listing everything that is wrong with any article.
    """
    groups = _Groups()
    for name in ("sections", "categories"):
        groups.take(_values_beside(path, name))
    groups.take(one.value for one in values)
    harvest = _Harvest(path, groups)
    for one in values:
        harvest.take_page(one)
        for article in _articles(source, one):
            harvest.take(article)
    return harvest.finish()


def _values_beside(path: Path, name: str) -> Iterator[Any]:
    beside = path.with_name(f"{name}.json")
    if beside.is_file() and beside != path:
        for one in JsonText(read_text(beside), beside).values():
            yield one.value


def _articles(source: JsonText, located: Located) -> Iterator[Located]:
    if not is_export(located.value):
        yield located
    elif isinstance(located.value.get("articles"), list):
        yield from source.items(source.member(located, "articles"))


@dataclass
class _Harvest:
    path: Path
    groups: _Groups
    found: list[LocatedArticle] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    groups_only: bool = True  # until there are articles, were it an empty list of them

    def take_page(self, located: Located) -> None:
        """Report what an answer of the API says about itself: that more pages follow it."""
        value = located.value
        if not is_export(value):
            return
        links, meta = value.get("links"), value.get("meta")
        following = value.get("next_page") or (isinstance(links, dict) and links.get("next"))
        if following and not (isinstance(meta, dict) and meta.get("has_more") is False):
            reason = "more pages follow this one; import them too"
            self._skip(located.line, "next_page", reason)
        if isinstance(value.get("articles"), list):
            self.groups_only = False
        else:
            lists = " and ".join(name for name in _LISTS if name in value)
            self._skip(located.line, lists, "no articles; read with the articles.json beside it")

    def take(self, located: Located) -> None:
        self.groups_only = False
        place = Place(self.path, located.line)
        if not is_export_article(located.value):
            told = "is no article of a Zendesk export: it has no `title` and `body`"
            self.problems.append(Problem(place, told))
            return
        values: Mapping[str, Any] = located.value
        title = collapse(str(values.get("title") or values.get("name") or "")).strip()
        hidden = _reason_to_skip(values)
        if hidden:
            self._skip(located.line, title, hidden)
            return
        url = _page_address(values)
        converted = convert_html(str(values.get("body") or ""), url)
        for one in converted.lost:
            self._skip(located.line, one.text, f"{one.reason} (in {shorten(title, 40)!r})")
        if not converted.markdown:
            self._skip(located.line, title, "an article without text")
        elif message := question_problem(title):
            self.problems.append(Problem(place, message))
        else:
            breadcrumb = self.groups.breadcrumb(values.get("section_id"))
            changed = str(values.get("edited_at") or values.get("updated_at") or "")
            article = Article(
                question=title,
                answer=converted.markdown,
                category=breadcrumb[-1] if breadcrumb else "",
                breadcrumb=breadcrumb,
                url=url,
                updated_at=parse_day(changed),
            )
            self.found.append(LocatedArticle(article, place))

    def finish(self) -> Reading:
        if not self.found and not self.groups_only and not self.problems:
            self.problems += [
                Problem(one.place, f"{one.text!r} skipped: {one.reason}") for one in self.skipped
            ]
            message = "there is no article in it that shoppers may read; export the help center"
            self.problems.append(Problem(Place(self.path), message))
        if self.problems:
            raise ArticleError(self.problems)
        return Reading(tuple(self.found), tuple(self.skipped))

    def _skip(self, line: int, text: str, reason: str) -> None:
        self.skipped.append(Skipped(Place(self.path, line), shorten(text), reason))


def _reason_to_skip(values: Mapping[str, Any]) -> str | None:
    locale = str(values.get("locale") or _LANGUAGE)
    if values.get("draft"):
        return "a draft; publish it first"
    if values.get("user_segment_id") or values.get("user_segment_ids"):
        return "only a part of the users may see it; the bot answers everybody"
    if values.get("outdated"):
        return "marked as outdated; review it first"
    if locale.lower().replace("_", "-").split("-")[0] != _LANGUAGE:
        return f"written for the locale {locale}; the bot reads English"
    return None


def _page_address(values: Mapping[str, Any]) -> str | None:
    url = values.get("html_url")
    return url if isinstance(url, str) and is_page_address(url) else None


def _by_id(values: Any) -> dict[Any, Mapping[str, Any]]:
    listed = values if isinstance(values, list) else []
    return {one["id"]: one for one in listed if isinstance(one, dict) and _is_id(one.get("id"))}


def _is_id(value: Any) -> bool:
    return isinstance(value, int | str)


def _name(value: Mapping[str, Any]) -> str:
    return collapse(str(value.get("name") or "")).strip()
