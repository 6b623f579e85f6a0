"""Bring articles from exported files into the folder of articles: all of them or none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.faq.articles import (
    Article,
    LocatedArticle,
    article_text,
    find_duplicates,
    scan_articles,
)
from bot.faq.files import write_all
from bot.faq.problems import ArticleError, Problem
from bot.faq.readers import read_file
from bot.faq.readers.reading import Reading, Skipped


@dataclass(frozen=True)
class ImportReport:
    """What an import did; created, updated and unchanged hold article ids."""

    read: tuple[LocatedArticle, ...]
    skipped: tuple[Skipped, ...]
    created: tuple[str, ...]
    updated: tuple[str, ...]
    unchanged: tuple[str, ...]


def import_files(files: Iterable[Path], into: Path) -> ImportReport:
    """Import every article of the files into a folder, which is made if need be.

    An article that is there already keeps what the files do not say: its phrasings, address,
    review date and step. Phrasings of both are kept.

    Raises:
        ArticleError: listing everything that is wrong; nothing was written.
    """
    readings, problems = _read_all(dict.fromkeys(files))
    read = sorted((one for reading in readings for one in reading.articles), key=_by_id)
    existing: Sequence[LocatedArticle] = ()
    if into.exists():
        existing, problems_there = scan_articles(into)
        problems += problems_there
    problems += find_duplicates(read)
    if not read and not problems:
        problems += [
            Problem(one.place, f"{one.text}: {one.reason}")
            for reading in readings
            for one in reading.skipped
        ]
    if problems:
        raise ArticleError(problems)
    skipped = tuple(one for reading in readings for one in reading.skipped)
    return _write(read, skipped, existing, into)


def _read_all(files: Iterable[Path]) -> tuple[list[Reading], list[Problem]]:
    readings: list[Reading] = []
    problems: list[Problem] = []
    for path in files:
        try:
            readings.append(read_file(path))
        except ArticleError as error:
            problems += error.found
    return readings, problems


def _write(
    read: Sequence[LocatedArticle],
    skipped: tuple[Skipped, ...],
    existing: Sequence[LocatedArticle],
    into: Path,
) -> ImportReport:
    known = {one.article.id: one for one in existing}
    contents: dict[Path, str] = {}
    created, updated, unchanged = [], [], []
    for new in (one.article for one in read):
        old = known.get(new.id)
        if old is None:
            contents[into / f"{new.id}.md"] = article_text(new)
            created.append(new.id)
        elif (merged := merge(old.article, new)) != old.article:
            contents[old.place.path] = article_text(merged)
            updated.append(new.id)
        else:
            unchanged.append(new.id)
    write_all(contents)
    return ImportReport(tuple(read), skipped, tuple(created), tuple(updated), tuple(unchanged))


def merge(old: Article, new: Article) -> Article:
    """Update an article with an imported one, keeping what the import says nothing about."""
    return replace(
        old,
        question=new.question,
        answer=new.answer,
        category=new.category or old.category,
        breadcrumb=new.breadcrumb or old.breadcrumb,
        url=new.url or old.url,
        updated_at=new.updated_at or old.updated_at,
        step=new.step or old.step,
        phrasings=tuple(dict.fromkeys(old.phrasings + new.phrasings)),
    )


def _by_id(located: LocatedArticle) -> str:
    return located.article.id
