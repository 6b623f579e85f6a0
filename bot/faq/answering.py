"""Whether a project answers its articles: the intent in its domain, and a rule for it."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.faq.articles import RETRIEVAL_INTENT
from bot.faq.findings import Finding, error
from bot.faq.problems import Place
from bot.faq.project_data import ProjectData


def check_rules(project: ProjectData) -> Iterator[Finding]:
    """Find out whether a rule leads from articles to an answer."""
    yield from project.unreadable
    if not any(map(_is_faq, project.intents())):
        message = f"the intent `{RETRIEVAL_INTENT}` is not declared; add it to `intents`"
        yield error(Place(project.domain_file), message)
    if not any(_answers_articles(rule) for _, rule in project.entries("rules")):
        message = (
            "no rule answers the articles; add one with the steps "
            f"`intent: {RETRIEVAL_INTENT}` and `action: action_answer_article`"
        )
        yield error(Place(project.directory / "data" / "rules.yml"), message)


def _answers_articles(rule: Mapping[str, Any]) -> bool:
    steps = [step for step in rule.get("steps") or () if isinstance(step, dict)]
    asked = [number for number, step in enumerate(steps) if _is_faq(str(step.get("intent")))]
    return bool(asked) and any("action" in step for step in steps[asked[0] :])


def _is_faq(intent: str) -> bool:
    return intent.partition("/")[0] == RETRIEVAL_INTENT
