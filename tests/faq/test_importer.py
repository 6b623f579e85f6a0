from datetime import date
from pathlib import Path
from typing import Any

import pytest
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import INTENT_RESPONSE_KEY, METADATA, TEXT

from bot.errors import ConfigurationError
from bot.faq.articles import Article, example_texts, load_articles, save_article
from bot.faq.importer import assert_nothing_skipped
from bot.faq.problems import ArticleError
from tests.faq.conftest import WriteFile

pytestmark = [
    # Libraries that Rasa holds at old versions warn when Rasa first imports them.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    # Rasa itself declares every retrieval intent a second time.
    pytest.mark.filterwarnings("ignore:The following duplicated intents .* faq"),
]

PAY = Article(
    "How do I pay?",
    "Use {card} or **cash**.",
    url="/help#pay",
    updated_at=date(2026, 11, 20),
    phrasings=("paying", "how do i pay?", "{cash} ok"),
)
TRACK = Article("Where is it?", "- Look.", phrasings=("where",), step="order_status")
IMPORTERS = """
importers:
- name: RasaFileImporter
- name: bot.faq.importer.HelpCenterImporter
  articles_dir: help_center
"""
DOMAIN = """
version: "3.1"
intents: [faq, greet]
responses:
  utter_greet: [{text: Hello}]
actions: [action_answer_article]
"""
NLU = """
version: "3.1"
nlu:
- intent: greet
  examples: |
    - hello
    - hi
"""
RULES = """
version: "3.1"
rules:
- rule: an article
  steps: [{intent: faq}, {action: action_answer_article}]
- rule: greet
  steps: [{intent: greet}, {action: utter_greet}]
"""


@pytest.fixture
def project(write: WriteFile, folder: Path, tmp_path: Path) -> Path:
    """A small bot of Rasa files and two articles."""
    save_article(PAY, folder)
    save_article(TRACK, folder)
    for name, text in {
        "config.yml": IMPORTERS,
        "domain.yml": DOMAIN,
        "data/nlu.yml": NLU,
        "data/rules.yml": RULES,
    }.items():
        write(name, text)
    return tmp_path


def load(project: Path) -> TrainingDataImporter:
    return TrainingDataImporter.load_from_config(
        str(project / "config.yml"), str(project / "domain.yml"), [str(project / "data")]
    )


def check(project: Path) -> None:
    importer = load(project)
    assert_nothing_skipped(
        load_articles(project / "help_center"),
        importer.get_domain(),
        importer.get_nlu_data(),
        importer.get_stories(),
    )


def answer(project: Path, article: Article) -> dict[str, Any]:
    generator = TemplatedNaturalLanguageGenerator(load(project).get_domain().responses)
    slots = {"card": "secret"}
    reply: dict[str, Any] = generator.generate_from_slots(f"utter_{article.intent}", slots, "rest")
    return reply


def test_questions_and_phrasings_become_examples_of_the_label(project: Path) -> None:
    examples = load(project).get_nlu_data().training_examples
    found = [(one.get(INTENT_RESPONSE_KEY), one.get(TEXT)) for one in examples]
    assert [one for one in found if one[0]] == [
        ("faq/how_do_i_pay", "How do I pay?"),
        ("faq/how_do_i_pay", "paying"),
        ("faq/how_do_i_pay", "{cash} ok"),
        ("faq/where_is_it", "Where is it?"),
        ("faq/where_is_it", "where"),
    ]


def test_a_title_is_an_example_even_where_a_phrasing_repeats_it() -> None:
    assert example_texts(PAY) == ["How do I pay?", "paying", "{cash} ok"]


def test_examples_of_an_article_with_a_step_carry_it(project: Path) -> None:
    steps = {
        one.get(INTENT_RESPONSE_KEY): one.get(METADATA)["intent"]["step"]
        for one in load(project).get_nlu_data().training_examples
        if one.get(METADATA)
    }
    assert steps == {"faq/where_is_it": "order_status"}


def test_the_response_of_an_article_names_its_step(project: Path) -> None:
    responses = load(project).get_domain().responses
    [tracking], [paying] = responses["utter_faq/where_is_it"], responses["utter_faq/how_do_i_pay"]
    assert tracking["metadata"] == {"step": "order_status"}
    assert "metadata" not in paying


def test_the_domain_has_the_intent_and_one_response_an_article(project: Path) -> None:
    domain = load(project).get_domain()
    assert "faq" in domain.retrieval_intents
    assert set(domain.responses) == {
        "utter_greet",
        "utter_faq/how_do_i_pay",
        "utter_faq/where_is_it",
    }


def test_a_reply_has_the_title_in_bold_the_answer_and_its_source(project: Path) -> None:
    reply = answer(project, TRACK)
    assert reply["text"] == "**Where is it?**\n\n- Look."
    assert reply["custom"] == {
        "sources": [
            {
                "article_id": "where_is_it",
                "title": "Where is it?",
                "url": None,
                "updated_at": None,
            }
        ]
    }


def test_braces_in_an_article_never_show_a_slot(project: Path) -> None:
    reply = answer(project, PAY)
    assert reply["text"] == "**How do I pay?**\n\nUse {card} or **cash**."
    assert reply["custom"]["sources"][0]["updated_at"] == "2026-11-20"


def test_loading_twice_gives_the_same_training_data(project: Path) -> None:
    first, second = load(project), load(project)
    assert first.get_nlu_data().fingerprint() == second.get_nlu_data().fingerprint()
    assert first.get_domain().fingerprint() == second.get_domain().fingerprint()


def test_a_broken_article_stops_the_training(project: Path, write: WriteFile) -> None:
    write("help_center/broken.md", "text")
    with pytest.raises(ArticleError, match=r"broken\.md:1"):
        load(project)


def test_a_missing_folder_of_articles_stops_the_training(project: Path, write: WriteFile) -> None:
    write("config.yml", IMPORTERS.replace("help_center", "elsewhere"))
    with pytest.raises(ArticleError, match="elsewhere: there is no such folder"):
        load(project)


def test_nothing_is_missing_from_a_whole_project(project: Path) -> None:
    check(project)


def test_an_importer_that_rasa_skipped_is_noticed(project: Path, write: WriteFile) -> None:
    write("config.yml", IMPORTERS.replace("HelpCenterImporter", "Misspelt"))
    with pytest.raises(ConfigurationError) as caught:
        check(project)
    assert [problem.split(";")[0] for problem in caught.value.problems] == [
        "the article how_do_i_pay was not loaded (examples, response missing)",
        "the article where_is_it was not loaded (examples, response missing)",
    ]


def test_articles_without_their_intent_are_noticed(project: Path, write: WriteFile) -> None:
    write("config.yml", IMPORTERS.replace("HelpCenterImporter", "Misspelt"))
    write("domain.yml", DOMAIN.replace("faq, ", ""))
    write("data/rules.yml", "version: '3.1'\n")
    with pytest.raises(ConfigurationError, match=r"\(intent, examples, response missing\)"):
        check(project)


def test_a_label_without_a_rule_is_noticed(project: Path, write: WriteFile) -> None:
    write("data/rules.yml", RULES.split("- rule: greet")[0])
    with pytest.raises(ConfigurationError) as caught:
        check(project)
    assert caught.value.problems == (
        "the label greet has examples but no rule; add one to data/rules.yml",
    )
