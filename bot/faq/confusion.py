"""Articles that are taken for others: what a model of them gets wrong on texts it has not seen."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from bot.faq.articles import LocatedArticle
from bot.faq.findings import Finding, warning
from bot.faq.likeness import AskedTexts
from bot.nlu.head_training import HeadSettings, predict_held_out
from bot.nlu.reading import make_readable

MAX_ARTICLES = 1_000
"""Beyond this, training five times over takes minutes."""

_JUDGED_FROM = 5  # an article with fewer texts says too little about itself to be judged
_AT_LEAST = 2
_SHARE = 0.1
_EXAMPLES = 2


def find_confusions(articles: Sequence[LocatedArticle], asked: AskedTexts) -> Iterator[Finding]:
    """Find pairs of articles of which one is taken for the other, by two and a tenth of its texts.

    Each text is judged by a model trained without it. A model that was trained on a text knows it
    by heart, so asking the live model for the same texts would find nothing.
    """
    taken: dict[tuple[int, int], list[str]] = defaultdict(list)
    for row, other in _held_out_decisions(asked):
        taken[int(asked.owners[row]), other].append(asked.texts[row])
    for (owner, other), texts in sorted(taken.items()):
        of = int((asked.owners == owner).sum())
        if of >= _JUDGED_FROM and len(texts) >= max(_AT_LEAST, _SHARE * of):
            examples = ", ".join(repr(text) for text in texts[:_EXAMPLES])
            message = (
                f"is taken for {articles[other].article.id}: {len(texts)} of {of} phrasings, e.g. "
                f"{examples}; move them there, or add some that set the two apart"
            )
            yield warning(articles[owner].place, message)


def _held_out_decisions(asked: AskedTexts) -> Iterator[tuple[int, int]]:
    """Yield each text that is taken for another article's: its row, and that article."""
    owners = [int(owner) for owner in asked.owners]
    texts = [make_readable(text) for text in asked.texts]
    labels = [str(owner) for owner in owners]
    best = predict_held_out(texts, asked.vectors, labels, HeadSettings())
    for row, label in enumerate(best):
        if label is not None and int(label) != owners[row]:
            yield row, int(label)
