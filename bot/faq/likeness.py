"""Articles that say or are asked nearly the same, told by the sentence encoder.

The thresholds are cosines of all-MiniLM-L6-v2. Among 57 articles that are all different, the seven
shipped and the fifty of `tests/understanding/shop_articles.yml`, two questions come to 0.78 at most
and two answers to 0.93; of 22 questions put in other words, two in three come to more than 0.80.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bot.faq.articles import LocatedArticle, example_texts
from bot.faq.findings import Finding, warning

QUESTIONS_ALIKE = 0.80
ANSWERS_ALIKE = 0.95
PHRASINGS_ALIKE = 0.92

_BLOCK = 1024  # so many rows are compared at once: 10,000 titles at a time would be 400 MB

Vectors = npt.NDArray[np.float32]


class Encoder(Protocol):
    """Turns texts into vectors whose dot product is their cosine similarity."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed texts; returns `(n_texts, n_dims)`, each row of unit length."""


@dataclass(frozen=True)
class AskedTexts:
    """All ways to ask for the articles, encoded once.

    Attributes:
        texts: Of each article its title, then its phrasings.
        owners: Index of the article of each text, `(n_texts,)`.
        vectors: `(n_texts, n_dims)`, each row of unit length.
    """

    texts: Sequence[str]
    owners: npt.NDArray[np.int64]
    vectors: Vectors


def encode_asked(articles: Sequence[LocatedArticle], encoder: Encoder) -> AskedTexts:
    """Encode the titles and phrasings of articles."""
    pairs = [
        (owner, text) for owner, one in enumerate(articles) for text in example_texts(one.article)
    ]
    texts = [text for _, text in pairs]
    owners = np.array([owner for owner, _ in pairs], dtype=np.int64)
    return AskedTexts(texts, owners, encoder.embed(texts))


def find_duplicates(
    articles: Sequence[LocatedArticle], asked: AskedTexts, encoder: Encoder
) -> Iterator[Finding]:
    """Find pairs of articles whose questions or whose answers are nearly the same."""
    is_title = np.diff(asked.owners, prepend=-1) > 0
    answers = encoder.embed([one.article.answer for one in articles])
    found: dict[tuple[int, int], str] = {}
    for what, vectors, threshold in (
        ("answer", answers, ANSWERS_ALIKE),
        ("question", asked.vectors[is_title], QUESTIONS_ALIKE),
    ):
        for first, second, cosine in _alike(vectors, threshold):
            found[first, second] = f"its {what} is {cosine:.0%} like that"
    for (first, second), likeness in found.items():
        message = (
            f"{likeness} of {articles[first].place}, {articles[first].article.question!r}; make "
            "one article of them, or say in both what sets them apart"
        )
        yield warning(articles[second].place, message)


def find_shared_phrasings(
    articles: Sequence[LocatedArticle], asked: AskedTexts
) -> Iterator[Finding]:
    """Find phrasings that are nearly those of another article: hardly a model tells them apart."""
    is_title = np.diff(asked.owners, prepend=-1) > 0
    for first, second, _ in _alike(asked.vectors, PHRASINGS_ALIKE):
        owners = asked.owners[first], asked.owners[second]
        same_text = asked.texts[first].casefold() == asked.texts[second].casefold()
        both_titles = is_title[first] and is_title[second]
        if owners[0] == owners[1] or same_text or both_titles:
            continue  # nothing wrong, or told by other checks
        message = (
            f"{asked.texts[second]!r} is nearly {asked.texts[first]!r} of "
            f"{articles[owners[0]].place.path}; keep it in one of them"
        )
        yield warning(articles[owners[1]].place, message)


def _alike(vectors: Vectors, threshold: float) -> Iterator[tuple[int, int, float]]:
    """Yield the pairs of rows, the earlier one first, whose cosine reaches the threshold."""
    for start in range(0, len(vectors), _BLOCK):
        cosines = vectors[start : start + _BLOCK] @ vectors.T
        for row, column in np.argwhere(cosines >= threshold):
            first = start + int(row)
            if first < column:
                yield first, int(column), float(cosines[row, column])
