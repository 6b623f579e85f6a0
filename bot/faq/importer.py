"""Hands the articles to Rasa as training data: examples, responses and their intent.

    importers:
      - name: RasaFileImporter
      - name: bot.faq.importer.HelpCenterImporter
        articles_dir: data/help_center

Rasa only logs a warning when it cannot import this module, and then trains without any article.
So whoever trains calls `assert_nothing_skipped` on what Rasa has loaded.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.training_data.structures import RuleStep, StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.errors import ConfigurationError
from bot.faq.articles import RETRIEVAL_INTENT, Article, example_texts, load_articles


class HelpCenterImporter(TrainingDataImporter):
    """Adds the articles of a folder to what Rasa reads from its own files.

    A relative `articles_dir` is looked up beside the configuration file. The files are read once:
    Rasa asks several times in one training and must get the same answer each time.
    """

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
        articles_dir: str = "data/help_center",
    ) -> None:
        beside = Path(config_file).parent if config_file else Path()
        articles = load_articles(beside / articles_dir)
        self._domain = build_domain(articles)
        self._nlu_data = build_nlu_data(articles)

    def get_domain(self) -> Domain:
        return self._domain

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        return self._nlu_data

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        return StoryGraph([])

    def get_config(self) -> dict[str, Any]:
        return {}

    def get_config_file_for_auto_config(self) -> str | None:
        return None


def build_domain(articles: Iterable[Article]) -> Domain:
    """Build one response for each article.

    The intent is not declared here: Rasa's file importer needs it in `domain.yml` to read the rule
    for it, and Rasa itself adds it for the examples.
    """
    responses = {f"utter_{article.intent}": [build_response(article)] for article in articles}
    return Domain.from_dict({"responses": responses})


def build_response(article: Article) -> dict[str, Any]:
    """Build the reply: title and answer as text, and the source that they come from.

    The metadata, which shoppers do not see, holds the article's step, if it has one.
    """
    source = {
        "article_id": article.id,
        "title": _literal(article.question),
        "url": article.url and _literal(article.url),
        "updated_at": article.updated_at and article.updated_at.isoformat(),
    }
    text = _literal(f"**{article.question}**\n\n{article.answer}")
    response: dict[str, Any] = {"text": text, "custom": {"sources": [source]}}
    if article.step:
        response["metadata"] = {"step": article.step}
    return response


def _literal(text: str) -> str:
    # Rasa fills `{name}` with the slot of that name; an article must be shown as it is.
    return text.replace("{", "{{").replace("}", "}}")


def build_nlu_data(articles: Iterable[Article]) -> TrainingData:
    """Build the examples: each question and its phrasings, labelled `faq/<article id>`.

    The metadata of the label holds the article's step, if it has one.
    """
    return TrainingData(
        [
            Message.build(
                text,
                intent=article.intent,
                intent_metadata={"step": article.step} if article.step else None,
            )
            for article in articles
            for text in example_texts(article)
        ]
    )


def assert_nothing_skipped(
    articles: Iterable[Article], domain: Domain, nlu_data: TrainingData, stories: StoryGraph
) -> None:
    """Check that what Rasa has loaded holds every article and an answer to every label.

    Raises:
        ConfigurationError: naming each article and label for which something is missing.
    """
    missing = [*_missing_from_articles(articles, domain, nlu_data)]
    without_rule = sorted(nlu_data.intents - _intents_with_rule(stories))
    missing += [
        f"the label {intent} has examples but no rule; add one to data/rules.yml"
        for intent in without_rule
    ]
    if missing:
        raise ConfigurationError(*missing)


def _missing_from_articles(
    articles: Iterable[Article], domain: Domain, nlu_data: TrainingData
) -> Iterator[str]:
    loaded = {(one.get(INTENT_RESPONSE_KEY), one.get(TEXT)) for one in nlu_data.training_examples}
    for article in articles:
        missing = []
        if RETRIEVAL_INTENT not in domain.intents:
            missing.append("intent")
        if any((article.intent, text) not in loaded for text in example_texts(article)):
            missing.append("examples")
        if f"utter_{article.intent}" not in domain.responses:
            missing.append("response")
        if missing:
            yield (
                f"the article {article.id} was not loaded ({', '.join(missing)} missing); "
                "check `importers` in config.yml and the warnings above"
            )


def _intents_with_rule(stories: StoryGraph) -> set[str]:
    events = (
        event
        for step in stories.story_steps
        if isinstance(step, RuleStep)
        for one in step.events
        for event in (one if isinstance(one, list) else [one])
    )
    return {event.intent_name for event in events if isinstance(event, UserUttered)}
