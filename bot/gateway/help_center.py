"""The help center for a start screen, ready to be sent and made anew every few minutes.

When the articles cannot be read any more, the last ones that could stay. When the database is away,
the most asked questions stay as they were, or are the first articles: that is no reason to show
nobody anything.
"""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from pydantic import Field

from bot.db.database import Database, DatabaseAway
from bot.faq.articles import Article, load_articles
from bot.faq.problems import ArticleError
from bot.gateway.asked_store import count_asked_articles
from bot.gateway.clock import Clock
from bot.gateway.errors import HelpAway
from bot.gateway.help_index import index_words
from bot.gateway.model import Value

REFRESH_AFTER = timedelta(minutes=5)
COUNT_SINCE = timedelta(days=30)
MOST_ASKED = 5
# More would be a long download for a start screen.
MAX_ARTICLES = 500

_log = structlog.get_logger("bot.gateway")


class HelpLink(Value):
    """An article to choose."""

    id: str
    title: str
    url: str | None
    updated_at: str | None = Field(description="The day of the last review.")


class HelpArticleLink(HelpLink):
    """An article to choose or to find."""

    words: str = Field(description="Words of shoppers by which a search finds it as well.")


class HelpCategory(Value):
    """Articles that belong together."""

    name: str | None = Field(description="Null for articles without a category.")
    articles: list[HelpArticleLink]


class HelpStart(Value):
    """All that a start screen shows, and searches as somebody types."""

    categories: list[HelpCategory]
    most_asked: list[HelpLink] = Field(description="The questions to offer first.")
    articles_left_out: int = Field(description="How many more articles there are.")


@dataclass(frozen=True, slots=True)
class HelpDocument:
    """The answer as bytes, and its entity tag."""

    content: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class _Library:
    """The articles as their files were at one moment."""

    files: tuple[tuple[str, int, int], ...]
    articles: tuple[Article, ...]
    words: Mapping[str, str]


class HelpCenter:
    """Keeps the document of one gateway."""

    def __init__(self, database: Database, articles_dir: Path, clock: Clock) -> None:
        self._database = database
        self._articles_dir = articles_dir
        self._clock = clock
        self._lock = asyncio.Lock()
        self._library: _Library | None = None
        self._asked: Sequence[str] = ()
        self._document: HelpDocument | None = None
        self._made_at: datetime | None = None

    async def document(self) -> HelpDocument:
        """Return the document, a few minutes old at most.

        Raises:
            HelpAway: there are no articles that can be read.
        """
        async with self._lock:
            now = self._clock()
            if self._document is None or self._is_old(now):
                self._document = await self._make(now)
                self._made_at = now
            return self._document

    def _is_old(self, now: datetime) -> bool:
        return self._made_at is None or now - self._made_at >= REFRESH_AFTER

    async def _make(self, now: datetime) -> HelpDocument:
        self._library = library = await asyncio.to_thread(
            _read_library, self._articles_dir, self._library
        )
        try:
            self._asked = await self._database.read(count_asked_articles, since=now - COUNT_SINCE)
        except DatabaseAway as error:
            _log.warning("most_asked_not_counted", error=str(error))
        return await asyncio.to_thread(_write, library, self._asked)


def _read_library(directory: Path, last: _Library | None) -> _Library:
    """Read the articles, if their files changed since they were read last."""
    try:
        files = _list_files(directory)
        if last is not None and last.files == files:
            return last
        articles = load_articles(directory)
    except (ArticleError, OSError) as error:
        _log.warning("articles_not_read", error=type(error).__name__, kept=last is not None)
        if last is None:
            raise HelpAway("the help center's articles cannot be read") from error
        return last
    return _Library(files, articles, index_words(articles))


def _list_files(directory: Path) -> tuple[tuple[str, int, int], ...]:
    found = [(path, path.stat()) for path in sorted(directory.rglob("*.md"))]
    return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in found)


def _write(library: _Library, asked: Sequence[str]) -> HelpDocument:
    by_id = {article.id: article for article in library.articles}
    # Those that are asked most come first, the others in the order of their files.
    ranked = [*dict.fromkeys([*(one for one in asked if one in by_id), *by_id])]
    shown = set(ranked[:MAX_ARTICLES])
    categories: dict[str | None, list[HelpArticleLink]] = {}
    for article in library.articles:
        if article.id in shown:
            link = _link(article)
            entry = HelpArticleLink(**link.model_dump(), words=library.words[article.id])
            categories.setdefault(article.category or None, []).append(entry)
    start = HelpStart(
        categories=[
            HelpCategory(name=name, articles=articles) for name, articles in categories.items()
        ],
        most_asked=[_link(by_id[one]) for one in ranked[:MOST_ASKED]],
        articles_left_out=len(by_id) - len(shown),
    )
    content = start.model_dump_json().encode()
    return HelpDocument(content, f'"{hashlib.sha256(content).hexdigest()[:32]}"')


def _link(article: Article) -> HelpLink:
    return HelpLink(
        id=article.id,
        title=article.question,
        url=article.url,
        updated_at=article.updated_at.isoformat() if article.updated_at else None,
    )
