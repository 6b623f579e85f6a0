from pathlib import Path

import pytest
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.brain.rasa_environment import prepare_rasa
from bot.errors import ConfigurationError
from bot.evaluation.pipeline import NluPipeline
from tests.trained_model import ROOT

EXAMPLES = [
    *((text, "order_status") for text in ("where is my order", "where is it", "is it shipped yet")),
    *((text, "faq/how_to_buy") for text in ("how do i buy something", "how to buy", "can i buy")),
    *((text, "greet") for text in ("hello there", "hi", "good morning")),
]


@pytest.fixture(scope="module")
def pipeline() -> NluPipeline:
    prepare_rasa()
    pipeline = NluPipeline.from_config(ROOT / "config.yml")
    table = {"name": "product", "elements": ["Borealo lamp"]}
    pipeline.train(EXAMPLES, TrainingData(lookup_tables=[table]))
    return pipeline


def test_it_says_what_bot_parse_says(pipeline: NluPipeline) -> None:
    first, second = pipeline.understand(
        ["where is my order 8100240077", "how do i buy a borealo lamp"]
    )
    assert set(first) == {"intent", "confidence", "entities", "ranking", "clarify", "parts"}
    assert (first["intent"], first["entities"][0]["value"]) == ("order_status", "8100240077")
    assert (second["intent"], second["entities"][0]["entity"]) == ("faq/how_to_buy", "product")


def test_any_number_of_texts_is_understood_in_their_order(pipeline: NluPipeline) -> None:
    texts = ["hello there", "where is my order"] * 40
    meant = [one["intent"] for one in pipeline.understand(texts)]
    assert meant == ["greet", "order_status"] * 40
    assert pipeline.understand([]) == []


def test_questions_come_apart(pipeline: NluPipeline) -> None:
    text = "where is my order? how do i buy something?"
    [one] = pipeline.understand([text])
    assert [part["intent"] for part in one["parts"]] == ["order_status", "faq/how_to_buy"]
    assert [text[part["start"] :][:5] for part in one["parts"]] == ["where", "how d"]


def test_training_again_forgets_what_was_learnt_before(pipeline: NluPipeline) -> None:
    other = NluPipeline.from_config(ROOT / "config.yml")
    for labels in (("a", "b"), ("c", "d")):
        other.train([("hello there", labels[0]), ("where is my order", labels[1])])
    [one] = other.understand(["hello there"])
    assert {rank["intent"] for rank in one["ranking"]} == {"c", "d"}


@pytest.mark.parametrize("content", [None, "", "[]", "pipeline:", "pipeline: 5", "a: b", ":\n  -"])
def test_a_configuration_without_a_pipeline_is_named(tmp_path: Path, content: str | None) -> None:
    config = tmp_path / "config.yml"
    if content is not None:
        config.write_text(content)
    with pytest.raises(ConfigurationError, match=r"config.yml: no pipeline to be read there"):
        NluPipeline.from_config(config)
