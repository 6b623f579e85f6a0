"""A help center of any size up to ten thousand articles, and a project that is trained on it."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.faq.articles import Article, save_article

_WORDS = Path(__file__).with_name("many_articles.yml")
_SEED = 1
_ANSWER = (
    "{question} This page tells you, step by step, what to look at first.\n\n"
    "1. Have the **{thing}** and its label at hand; the label says which model it is.\n"
    "2. Compare it with the [list of models](https://shop.example/help/models) of this year.\n"
    "3. Follow what the list says for your model, and let it rest for a day.\n\n"
    "If that does not help, write down what you have tried. It saves you questions later on."
)


@dataclass(frozen=True)
class MadeUpArticle:
    """An article and a way to ask for it that is none of its phrasings."""

    article: Article
    asked: str


def make_articles(number: int) -> list[MadeUpArticle]:
    """Make this many different articles; fewer are the first of more.

    Raises:
        ValueError: There are not enough words for so many.
    """
    words = yaml.safe_load(_WORDS.read_text("utf-8"))
    pairs = [(thing, problem) for thing in words["things"] for problem in words["problems"]]
    if number > len(pairs):
        raise ValueError(f"there are words for {len(pairs)} articles, not for {number}")
    random.Random(_SEED).shuffle(pairs)
    return [_make_article(thing, problem) for thing, problem in pairs[:number]]


def _make_article(thing: str, problem: list[str]) -> MadeUpArticle:
    question, first, second, asked = (wording.format(thing=thing) for wording in problem)
    answer = _ANSWER.format(question=question, thing=thing)
    article = Article(question=question, answer=answer, phrasings=(first, second))
    return MadeUpArticle(article, asked)


def write_project(root: Path, directory: Path, articles: Iterable[Article]) -> None:
    """Write a project with our bot's own labels and rules and with these articles alone.

    Args:
        root: The project whose configuration, domain and data are taken.
        directory: Made for the new one.
        articles: Its help center.
    """
    help_center = directory / "data" / "help_center"
    help_center.mkdir(parents=True)
    for path in _project_files(root):
        shutil.copyfile(path, directory / path.relative_to(root))
    (directory / "models").mkdir()
    (directory / "models" / "encoder").symlink_to(root / "models" / "encoder")
    for article in articles:
        save_article(article, help_center)


def _project_files(root: Path) -> Iterator[Path]:
    for name in ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml"):
        yield root / name
    yield from sorted((root / "data").glob("*.yml"))
