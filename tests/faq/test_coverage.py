from pathlib import Path

from bot.faq.articles import Article, LocatedArticle
from bot.faq.coverage import find_refused
from bot.faq.problems import Place
from bot.faq.project_data import read_project
from bot.nlu.encoder import SentenceEncoder
from tests.faq.conftest import WriteFile

NLU = """\
nlu:
- intent: out_of_scope
  examples: |
    - my refund has not arrived
    - when do i get my refund
    - what is the weather like
- intent: greet
  examples: |
    - when will i get the refund
- lookup: size
  examples: |
    - XL
"""


def located(question: str) -> LocatedArticle:
    return LocatedArticle(Article(question, "Text"), Place(Path("a.md"), 2))


def test_an_article_whose_question_is_taught_to_be_refused_is_a_warning(
    write: WriteFile, encoder: SentenceEncoder
) -> None:
    nlu = write("data/nlu.yml", NLU)
    project = read_project(nlu.parents[1])
    articles = [located("When will I get my refund?"), located("Do you sell tents?")]
    assert [str(one) for one in find_refused(articles, project, encoder)] == [
        f"a.md:2: warning: {nlu} calls 2 messages like it out_of_scope, e.g. 'when do i get my "
        "refund', 'my refund has not arrived'; move them to its phrasings"
    ]


def test_a_project_that_refuses_nothing_has_no_such_warning(
    write: WriteFile, encoder: SentenceEncoder
) -> None:
    project = read_project(write("data/nlu.yml", "nlu: []\n").parents[1])
    assert list(find_refused([located("When will I get my refund?")], project, encoder)) == []
