"""Messages that the training data calls out of scope although an article answers them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from bot.faq.articles import LocatedArticle
from bot.faq.findings import Finding, warning
from bot.faq.likeness import Encoder
from bot.faq.project_data import ProjectData
from bot.nlu.labels import OUT_OF_SCOPE

ANSWERED = 0.65
"""Cosine; the 480 messages out of scope that the bot is shipped with come to 0.61 at most."""

_EXAMPLES = 2


def find_refused(
    articles: Sequence[LocatedArticle], project: ProjectData, encoder: Encoder
) -> Iterator[Finding]:
    """Find articles whose question the bot is taught to refuse, by messages nearly the same.

    A bot that is shipped without an article about refunds is taught that refunds are none of its
    affair; a shop that writes one must take those messages back.
    """
    examples = project.examples(OUT_OF_SCOPE)
    if not examples:
        return
    titles = encoder.embed([one.article.question for one in articles])
    cosines = encoder.embed([text for _, text in examples]) @ titles.T
    refused: dict[int, list[int]] = defaultdict(list)
    for row, owner in enumerate(cosines.argmax(axis=1)):
        if cosines[row, owner] >= ANSWERED:
            refused[int(owner)].append(row)
    for owner, rows in refused.items():
        rows.sort(key=lambda row: -float(cosines[row, owner]))
        named = ", ".join(repr(examples[row][1]) for row in rows[:_EXAMPLES])
        message = (
            f"{examples[rows[0]][0]} calls {len(rows)} messages like it {OUT_OF_SCOPE}, "
            f"e.g. {named}; move them to its phrasings"
        )
        yield warning(articles[owner].place, message)
