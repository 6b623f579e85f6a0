"""Words by which a page finds articles while somebody types, without asking the server.

Titles are not repeated. Of an article's phrasings only words are kept, each once, without those
that tell articles apart the least; how they are spelt in a query is for the page to undo the same
way: lower case, apostrophes dropped, cut at everything that is no letter or digit.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from bot.faq.articles import Article

MAX_WORDS = 40
_MIN_CHARS = 2
# A word of more than this share of all articles finds nothing. With few articles even the telling
# words are in many of them.
_MAX_SHARE = 0.5
_FEW_ARTICLES = 4
_APOSTROPHES = re.compile("['\u2019]")
_WORD = re.compile(r"[^\W_]+")


def split_words(text: str) -> list[str]:
    """Return the words of a text as the index spells them."""
    return _WORD.findall(_APOSTROPHES.sub("", text.lower()))


def index_words(articles: Sequence[Article]) -> Mapping[str, str]:
    """Return for each article's id the words of its phrasings that its title lacks, in one line."""
    words_of = {
        article.id: Counter(word for text in article.phrasings for word in split_words(text))
        for article in articles
    }
    spread = Counter(word for words in words_of.values() for word in words)
    most = len(articles) * _MAX_SHARE if len(articles) >= _FEW_ARTICLES else len(articles)
    return {
        article.id: _choose(words_of[article.id], set(split_words(article.question)), spread, most)
        for article in articles
    }


def _choose(
    words: Mapping[str, int], in_title: set[str], spread: Mapping[str, int], most: float
) -> str:
    telling = [
        word
        for word in words
        if word not in in_title and len(word) >= _MIN_CHARS and spread[word] <= most
    ]
    # The words that shoppers use most for this article and least for others.
    telling.sort(key=lambda word: (-words[word] / spread[word], word))
    return " ".join(sorted(telling[:MAX_WORDS]))
