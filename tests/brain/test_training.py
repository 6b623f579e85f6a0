import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.brain.model_folder import CANDIDATES, ModelFolder
from bot.brain.own_errors import find_own_error
from bot.brain.training import Project, hash_sources, train_candidate
from bot.brain.training_graph import Step
from bot.errors import ConfigurationError, WorkFailed
from tests.small_project import make_small_project
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
    with pytest.raises(ConfigurationError, match=r"models/no_encoder\S*: no encoder"):
        train_candidate(project, now=NOW)


def test_our_own_error_is_found_behind_rasas() -> None:
    ours = WorkFailed("the reason")
    outer, middle = RuntimeError("node 3"), ValueError("component")
    outer.__cause__, middle.__cause__ = middle, ours
    assert find_own_error(outer) is ours
    assert find_own_error(ours) is ours
    assert find_own_error(ValueError("not ours")) is None


@pytest.fixture
def small_project(tmp_path: Path) -> Project:
    return Project(make_small_project(tmp_path / "small"))


@pytest.mark.model
@pytest.mark.parametrize("stage", ["encoding", "fitting", "packaging"])
def test_a_training_that_is_interrupted_leaves_nothing(small_project: Project, stage: str) -> None:
    def interrupt(step: Step) -> None:
        if step.stage == stage:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_candidate(small_project, now=NOW, tell=interrupt)
    assert list((small_project.root / CANDIDATES).iterdir()) == []


@pytest.mark.model
def test_what_a_killed_training_left_is_no_model_and_goes_with_the_next_one(
    small_project: Project,
) -> None:
    candidates = small_project.root / CANDIDATES
    candidates.mkdir(parents=True)
    # No process has this number: Linux gives none above 2^22.
    (candidates / ".draft-99999999").write_text("half a model")
    assert ModelFolder(small_project.root).candidate_ids() == []
    model = train_candidate(small_project, now=NOW)
    assert {path.name for path in candidates.iterdir()} == {
        "20261123-120000.json",
        "20261123-120000.tar.gz",
    }
    assert model == candidates / "20261123-120000.tar.gz"


@pytest.mark.model
def test_two_models_of_one_second_have_two_names(small_project: Project) -> None:
    names = [train_candidate(small_project, now=NOW).name for _ in range(2)]
    assert names == ["20261123-120000.tar.gz", "20261123-120000-2.tar.gz"]
    assert ModelFolder(small_project.root).resolve("newest") == "20261123-120000-2"


@pytest.mark.model
def test_files_that_change_while_they_are_read_make_no_model(small_project: Project) -> None:
    def edit(step: Step) -> None:
        if step.stage == "encoding":
            replace(small_project.data / "nlu.yml", "- hello", "- howdy")

    with pytest.raises(WorkFailed, match="changed while they were read"):
        train_candidate(small_project, now=NOW, tell=edit)
    assert ModelFolder(small_project.root).candidate_ids() == []


@pytest.mark.model
def test_steps_are_told_in_their_number(small_project: Project) -> None:
    steps: list[Step] = []
    train_candidate(small_project, now=NOW, tell=steps.append)
    assert (steps[0], steps[-1].stage) == (Step("reading"), "packaging")
    assert {step.part for step in steps if step.stage == "encoding"} == {
        "SentenceEncoderFeaturizer"
    }
    assert {"ShopIntentClassifier", "RulePolicy"} <= {
        step.part for step in steps if step.stage == "fitting"
    }
    assert [step.done for step in steps[1:]] == list(range(len(steps) - 1))
    assert {step.total for step in steps[1:]} == {len(steps) - 1}


def test_a_slot_that_the_domain_lacks_is_named(small_project: Project) -> None:
    rules = small_project.data / "rules.yml"
    replace(rules, "{intent: greet}, ", "{intent: greet}, {slot_was_set: [{mood: good}]}, ")
    with pytest.raises(ConfigurationError, match=r"mood: set in rules or stories, but no slot"):
        train_candidate(small_project, now=NOW)


@pytest.mark.parametrize(
    "name",
    ["config.yml", "domain.yml", "data/nlu.yml", "data/help_center/do_you_sell_gift_cards.md"],
)
def test_any_change_of_a_file_is_another_hash(small_project: Project, name: str) -> None:
    before = hash_sources(small_project)
    path = small_project.root / name
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    assert hash_sources(small_project) != before


def test_another_encoder_is_another_hash(small_project: Project) -> None:
    before = hash_sources(small_project)
    encoder = small_project.root / "models" / "encoder"
    encoder.unlink()
    encoder.mkdir()
    (encoder / "provenance.json").write_text('{"sha256": {"model.onnx": "ab"}}')
    assert hash_sources(small_project) != before


def test_a_new_file_is_another_hash_but_not_one_that_an_editor_hides(
    small_project: Project,
) -> None:
    before = hash_sources(small_project)
    (small_project.data / ".nlu.yml.swp").write_text("")
    assert hash_sources(small_project) == before
    (small_project.data / "more.yml").write_text("")
    assert hash_sources(small_project) != before


def test_where_the_project_lies_is_not_in_its_hash(small_project: Project, tmp_path: Path) -> None:
    assert hash_sources(Project(make_small_project(tmp_path / "copy"))) == hash_sources(
        small_project
    )
