from pathlib import Path

from bot.faq.articles import Article, LocatedArticle
from bot.faq.confusion import find_confusions
from bot.faq.likeness import encode_asked
from bot.faq.problems import Place
from bot.nlu.encoder import SentenceEncoder

RETURNS = (
    "i want to send my shoes back",
    "return these trousers",
    "how to give back a jacket",
    "send back the dress please",
    "where do i return my order",
    "can i bring the shirt back",
)
WARRANTY = (
    "how long is the guarantee",
    "is my phone still under warranty",
    "guarantee period of the kettle",
    "what does the warranty cover",
    "two years warranty?",
    "my guarantee card is lost",
)


def located(question: str, phrasings: tuple[str, ...]) -> LocatedArticle:
    article = Article(question, "Text", phrasings=phrasings)
    return LocatedArticle(article, Place(Path(f"{article.id}.md"), 2))


def confusions(articles: list[LocatedArticle], encoder: SentenceEncoder) -> list[str]:
    return [str(one) for one in find_confusions(articles, encode_asked(articles, encoder))]


def test_articles_about_different_things_are_not_confused(encoder: SentenceEncoder) -> None:
    articles = [located("How do I return it?", RETURNS), located("What warranty?", WARRANTY)]
    assert confusions(articles, encoder) == []


def test_phrasings_that_sound_like_another_article_are_told_with_examples(
    encoder: SentenceEncoder,
) -> None:
    strays = ("does the guarantee cover a broken zip", "warranty for the boots, how long")
    articles = [
        located("How do I return it?", (*RETURNS, *strays)),
        located("What warranty?", WARRANTY),
    ]
    (found,) = confusions(articles, encoder)
    assert found == (
        "how_do_i_return_it.md:2: warning: is taken for what_warranty: 2 of 9 phrasings, e.g. "
        "'does the guarantee cover a broken zip', 'warranty for the boots, how long'; move them "
        "there, or add some that set the two apart"
    )


def test_an_article_with_few_phrasings_is_not_judged(encoder: SentenceEncoder) -> None:
    strays = ("how long is the guarantee for boots", "what does the warranty cover")
    articles = [located("How do I return it?", strays), located("What warranty?", WARRANTY)]
    assert [one for one in confusions(articles, encoder) if "how_do_i_return_it.md" in one] == []


def test_titles_alone_cannot_be_judged(encoder: SentenceEncoder) -> None:
    assert confusions([located("Same thing?", ()), located("Same things?", ())], encoder) == []
