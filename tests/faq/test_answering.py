from pathlib import Path

import pytest

from bot.faq.answering import check_rules
from bot.faq.project_data import read_project
from tests.faq.conftest import ROOT, WriteFile

DOMAIN = "intents:\n- greet\n- faq:\n    use_entities: []\n"
RULE = "rules:\n- rule: Answer\n  steps:\n  - intent: faq\n  - action: action_answer_article\n"


def check(write: WriteFile, domain: str, rules: str) -> list[str]:
    project = write("domain.yml", domain).parent
    write("data/rules.yml", rules)
    return [str(one).removeprefix(f"{project}/") for one in check_rules(read_project(project))]


def test_the_shipped_project_answers_its_articles() -> None:
    assert list(check_rules(read_project(ROOT))) == []


def test_a_declared_intent_with_a_rule_is_in_order(write: WriteFile) -> None:
    assert check(write, DOMAIN, RULE) == []


@pytest.mark.parametrize(
    "rules",
    [
        "rules: []\n",
        RULE.replace("intent: faq", "intent: greet"),
        RULE.replace("  - action: action_answer_article\n", ""),
        "nlu: []\n",
    ],
)
def test_articles_that_no_rule_answers_are_an_error(write: WriteFile, rules: str) -> None:
    (found,) = check(write, DOMAIN, rules)
    assert found.startswith("data/rules.yml: error: no rule answers the articles; add one with")


def test_an_intent_that_is_not_declared_is_an_error(write: WriteFile) -> None:
    assert check(write, "intents: [greet]\n", RULE) == [
        "domain.yml: error: the intent `faq` is not declared; add it to `intents`"
    ]


def test_a_file_that_is_no_yaml_is_named_with_its_line(write: WriteFile) -> None:
    found = check(write, DOMAIN, RULE + "- rule: [\n")
    assert found[0].startswith("data/rules.yml:7: error: is not valid YAML: ")


def test_a_project_without_domain_is_an_error(tmp_path: Path) -> None:
    assert "domain.yml: error: cannot be read: No such file" in str(
        next(check_rules(read_project(tmp_path)))
    )
