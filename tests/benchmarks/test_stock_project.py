from importlib.metadata import distribution
from pathlib import Path

import pytest
import yaml

from tests.benchmarks.stock_project import DEFAULT_CONFIG, content_hash


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "data" / "help_center").mkdir(parents=True)
    (tmp_path / "domain.yml").write_text("intents: [greet]\n")
    (tmp_path / "data" / "nlu.yml").write_text("nlu: []\n")
    (tmp_path / "data" / "help_center" / "buying.md").write_text("How do I buy?\n")
    return tmp_path


def test_stock_pipeline_and_policies_have_the_values_that_rasa_ships(
    rasa_default_config: dict[str, list[dict[str, object]]],
) -> None:
    selector = {"name": "ResponseSelector", "retrieval_intent": "faq"}
    pipeline = [
        {**step, **selector} if step["name"] == selector["name"] else step
        for step in rasa_default_config["pipeline"]
    ]

    assert DEFAULT_CONFIG["pipeline"] == pipeline
    assert DEFAULT_CONFIG["policies"] == rasa_default_config["policies"]


@pytest.mark.parametrize("changed", ["domain.yml", "data/nlu.yml", "data/help_center/buying.md"])
def test_stock_bot_is_trained_again_when_the_data_change(project: Path, changed: str) -> None:
    before = content_hash(project)
    (project / changed).write_text("other\n")

    assert content_hash(project) != before


@pytest.fixture
def rasa_default_config() -> dict[str, list[dict[str, object]]]:
    # Found without importing Rasa, which takes seconds.

    shipped = distribution("rasa").locate_file(
        "rasa/engine/recipes/config_files/default_config.yml"
    )
    config: dict[str, list[dict[str, object]]] = yaml.safe_load(Path(str(shipped)).read_text())
    return config
