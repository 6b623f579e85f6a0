import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.brain.own_errors import find_own_error
from bot.brain.training import Project, train_candidate
from bot.errors import ConfigurationError, WorkFailed
from tests.trained_model import ROOT

# Rasa's advice on a pipeline that is not its own.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A copy of the project that a test may break."""
    for name in ("config.yml", "domain.yml"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "data", tmp_path / "data")
    return Project(tmp_path)


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


@pytest.mark.parametrize("name", ["config.yml", "domain.yml", "data"])
def test_a_missing_file_is_named(project: Project, name: str) -> None:
    (project.root / name).rename(project.root / "elsewhere")
    with pytest.raises(ConfigurationError, match=f"{name} not found"):
        train_candidate(project, now=NOW)


def test_an_article_that_cannot_be_read_is_named(project: Project) -> None:
    (project.data / "help_center" / "broken.md").write_text("---\nquestion: [\n---\n", "utf-8")
    with pytest.raises(ConfigurationError, match=r"broken\.md"):
        train_candidate(project, now=NOW)


def test_articles_that_rasa_would_skip_in_silence_stop_the_training(project: Project) -> None:
    replace(project.config, "bot.faq.importer.HelpCenterImporter", "bot.faq.importer.NoSuchClass")
    with pytest.raises(ConfigurationError, match="how_do_i_purchase_an_item was not loaded"):
        train_candidate(project, now=NOW)


def test_a_label_without_a_rule_stops_the_training(project: Project) -> None:
    replace(project.data / "rules.yml", "      - intent: cancel_order\n", "      - intent: deny\n")
    with pytest.raises(ConfigurationError, match="cancel_order has examples but no rule"):
        train_candidate(project, now=NOW)


@pytest.mark.parametrize("name", ["config.yml", "domain.yml", "data/nlu.yml", "data/rules.yml"])
def test_a_file_that_is_no_yaml_is_one_clear_error(project: Project, name: str) -> None:
    (project.root / name).write_text("version: [\n", "utf-8")
    with pytest.raises(ConfigurationError, match=name) as stopped:
        train_candidate(project, now=NOW)
    assert "\n" not in str(stopped.value)


def test_a_label_without_examples_stops_the_training(project: Project) -> None:
    nlu = project.data / "nlu.yml"
    before, examples = nlu.read_text("utf-8").split("  - intent: cancel_order\n")
    nlu.write_text(before + examples[examples.index("  - intent:") :], "utf-8")
    with pytest.raises(ConfigurationError, match=r"cancel_order: in domain\.yml, but without"):
        train_candidate(project, now=NOW)


@pytest.mark.model
def test_an_encoder_that_is_not_there_is_named(project: Project) -> None:
    replace(project.config, "models/encoder", "models/no_encoder")
    with pytest.raises(ConfigurationError, match="models/no_encoder: no encoder here"):
        train_candidate(project, now=NOW)


def test_our_own_error_is_found_behind_rasas() -> None:
    ours = WorkFailed("the reason")
    outer, middle = RuntimeError("node 3"), ValueError("component")
    outer.__cause__, middle.__cause__ = middle, ours
    assert find_own_error(outer) is ours
    assert find_own_error(ours) is ours
    assert find_own_error(ValueError("not ours")) is None
