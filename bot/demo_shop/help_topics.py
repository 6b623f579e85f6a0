"""The demo shop's help center: the bot's own articles, page by page, and a search over them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup

from bot.faq.articles import Article, load_articles
from bot.gateway.help_index import index_words, split_words

HELP = "/help"
_NO_CATEGORY = "More answers"
_PAGE_OF_URL = re.compile(rf"{HELP}/([^/?#]+)")
_NOT_SLUG = re.compile(r"[\W_]+")
# How much a word tells by where it is found.
_IN_TITLE, _IN_WORDS, _IN_ANSWER = 4, 2, 1
_MIN_STEM_CHARS = 3


@dataclass(frozen=True)
class HelpArticle:
    """One question with its answer, ready to be shown."""

    id: str
    question: str
    answer: Markup
    updated_at: date | None
    step: str | None
    address: str


@dataclass(frozen=True)
class HelpTopic:
    """The articles of one page."""

    slug: str
    name: str
    articles: tuple[HelpArticle, ...]

    @property
    def address(self) -> str:
        return f"{HELP}/{self.slug}"


class HelpTopics:
    """All pages of the help center, in the order of their names."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._words = _SearchWords(articles)
        pages: dict[str, list[Article]] = {}
        for article in articles:
            pages.setdefault(_slug(article), []).append(article)
        topics = (_topic(slug, found) for slug, found in pages.items())
        self.topics = tuple(sorted(topics, key=lambda topic: topic.name.casefold()))
        self.articles: Mapping[str, HelpArticle] = {
            article.id: article for topic in self.topics for article in topic.articles
        }

    def find_topic(self, slug: str) -> HelpTopic | None:
        return next((topic for topic in self.topics if topic.slug == slug), None)

    def search(self, text: str) -> tuple[HelpArticle, ...]:
        """Return the articles that hold any of the words, those that hold most of them first."""
        scores = self._words.score(text)
        found = sorted(scores, key=lambda article_id: (-scores[article_id], article_id))
        return tuple(self.articles[article_id] for article_id in found)


def load_help_topics(articles_dir: Path) -> HelpTopics:
    """Read the help center.

    Raises:
        ArticleError: the articles cannot be read.
    """
    return HelpTopics(load_articles(articles_dir))


class _SearchWords:
    """The words of each article, weighed by where they stand."""

    def __init__(self, articles: Sequence[Article]) -> None:
        index = index_words(articles)
        self._weights = {one.id: _weigh(one, index[one.id]) for one in articles}

    def score(self, text: str) -> dict[str, int]:
        wanted = split_words(text)
        # A word that is in every article tells none of them apart.
        telling = [word for word in wanted if self._spread(word) < max(2, len(self._weights))]
        scores = {
            article_id: sum(_weight(word, weights) for word in telling)
            for article_id, weights in self._weights.items()
        }
        return {article_id: score for article_id, score in scores.items() if score}

    def _spread(self, word: str) -> int:
        return sum(bool(_weight(word, weights)) for weights in self._weights.values())


def _weigh(article: Article, index: str) -> dict[str, int]:
    weights = dict.fromkeys(split_words(article.answer), _IN_ANSWER)
    weights |= dict.fromkeys(index.split(), _IN_WORDS)
    return weights | dict.fromkeys(split_words(article.question), _IN_TITLE)


def _weight(word: str, weights: Mapping[str, int]) -> int:
    """Weigh a word; one that is only begun, or has another ending, counts as well."""
    if word in weights:
        return weights[word]
    stem = word[: max(_MIN_STEM_CHARS, len(word) - 2)]
    if len(stem) < _MIN_STEM_CHARS:
        return 0
    return max((weight for known, weight in weights.items() if known.startswith(stem)), default=0)


def _slug(article: Article) -> str:
    """Name the page by the address that the bot cites, so that its links lead there."""
    if article.url and (match := _PAGE_OF_URL.match(article.url)):
        return match[1]
    return _NOT_SLUG.sub("-", (article.category or _NO_CATEGORY).lower()).strip("-")


def _topic(slug: str, articles: Sequence[Article]) -> HelpTopic:
    name = next((one.category for one in articles if one.category), _NO_CATEGORY)
    return HelpTopic(slug, name, tuple(_article(slug, one) for one in articles))


def _article(slug: str, article: Article) -> HelpArticle:
    return HelpArticle(
        id=article.id,
        question=article.question,
        # Raw HTML in an answer is shown as its characters.
        answer=Markup(MarkdownIt("js-default").render(article.answer)),  # noqa: S704
        updated_at=article.updated_at,
        step=article.step,
        address=f"{HELP}/{slug}#{article.id}",
    )
