"""Whether a project answers its articles: the intent in its domain, and a rule for it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.faq.articles import RETRIEVAL_INTENT
from bot.faq.findings import Finding, error
from bot.faq.problems import Place


def check_rules(project_dir: Path) -> list[Finding]:
    """Find out, without loading Rasa, whether a rule leads from articles to an answer."""
    findings: list[Finding] = []
    domain = project_dir / "domain.yml"
    rules = project_dir / "data" / "rules.yml"
    if not any(map(_is_faq, _intents(_read(domain, findings)))):
        message = f"the intent `{RETRIEVAL_INTENT}` is not declared; add it to `intents`"
        findings.append(error(Place(domain), message))
    answered = False
    for path in sorted((project_dir / "data").rglob("*.yml")):
        answered |= any(_answers_articles(rule) for rule in _rules(_read(path, findings)))
    if not answered:
        message = (
            "no rule answers the articles; add one with the steps "
            f"`intent: {RETRIEVAL_INTENT}` and `action: action_answer_article`"
        )
        findings.append(error(Place(rules), message))
    return findings


def _read(path: Path, findings: list[Finding]) -> Mapping[str, Any]:
    try:
        value = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    except OSError as failure:
        findings.append(error(Place(path), f"cannot be read: {failure.strerror}"))
        return {}
    except yaml.YAMLError as failure:
        mark = getattr(failure, "problem_mark", None)
        problem = getattr(failure, "problem", None) or "it cannot be parsed"
        place = Place(path, mark.line + 1 if mark else None)
        findings.append(error(place, f"is not valid YAML: {problem}"))
        return {}
    return value if isinstance(value, dict) else {}


def _intents(domain: Mapping[str, Any]) -> Iterator[str]:
    for intent in domain.get("intents") or ():
        yield from (str(name) for name in (intent if isinstance(intent, dict) else [intent]))


def _rules(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for rule in data.get("rules") or ():
        if isinstance(rule, dict):
            yield rule


def _answers_articles(rule: Mapping[str, Any]) -> bool:
    steps = [step for step in rule.get("steps") or () if isinstance(step, dict)]
    asked = [number for number, step in enumerate(steps) if _is_faq(str(step.get("intent")))]
    return bool(asked) and any("action" in step for step in steps[asked[0] :])


def _is_faq(intent: str) -> bool:
    return intent.partition("/")[0] == RETRIEVAL_INTENT
