"""`bot evaluate`, as a maintainer uses it."""

import json
import shutil
from pathlib import Path

import pytest

from bot.evaluation.scores import Scores
from tests.cli.conftest import RunBot
from tests.trained_model import ROOT

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

# Made up for this test, and not in the training data either.
MESSAGES = """\
messages:
  - {text: "kindly tell me where on earth parcel 8100240002 went", label: order_status,
     entities: [{entity: order_number, value: "8100240002"}]}
  - {text: "bonjour, vous vendez <b>des vélos</b> ?", label: out_of_scope}
  - {text: "connect me with one of your human colleagues at once", label: human_handoff}
two_questions:
  - {text: "what did i pay for the order and when does it come", label: order_details,
     parts: [order_details, order_status]}
"""
NAME = "20261124-120000"


@pytest.fixture
def candidate(project: Path) -> Path:
    """A candidate that can be found, though not loaded."""
    path = project / "models" / "candidates" / f"{NAME}.tar.gz"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no archive at all")
    return path


@pytest.fixture
def test_set(project: Path) -> Path:
    path = project / "tests" / "understanding" / "messages.yml"
    path.parent.mkdir(parents=True)
    path.write_text(MESSAGES)
    return path


def test_without_any_model_it_says_how_to_make_one(bot: RunBot, test_set: Path) -> None:
    outcome = bot("evaluate")
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (2, "", 1)
    assert "train one with: bot train" in outcome.err


def test_a_model_that_is_missing_is_named(bot: RunBot, test_set: Path) -> None:
    outcome = bot("evaluate", "--model", "nothing.tar.gz")
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert "nothing.tar.gz: no model here" in outcome.err


def test_a_file_that_is_no_model_is_named(bot: RunBot, candidate: Path, test_set: Path) -> None:
    outcome = bot("evaluate")
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert f"{NAME}.tar.gz: this is no model" in outcome.err


def test_outside_a_project_it_says_where_to_go(bot: RunBot, tmp_path: Path) -> None:
    outcome = bot("evaluate", cwd=tmp_path)
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert "run bot in the project's folder" in outcome.err


@pytest.mark.model
class TestWithTheTrainedModel:
    @pytest.fixture
    def candidate(self, candidate: Path, project: Path, trained_model: Path) -> Path:
        shutil.copyfile(trained_model, candidate)
        (project / "models" / "encoder").symlink_to(ROOT / "models" / "encoder")
        return candidate

    def test_scores_and_report_lie_beside_the_candidate(
        self, bot: RunBot, candidate: Path, test_set: Path
    ) -> None:
        outcome = bot("evaluate")
        assert outcome.code == 0
        assert "3 of 3  right label" in outcome.out
        assert outcome.lines[-2:] == [
            f"written models/candidates/{NAME}.scores.json",
            f"written models/candidates/{NAME}.html",
        ]
        scores = Scores.from_json(json.loads(self.scores(candidate).read_bytes()))
        assert (scores.model, scores.right, scores.n) == (NAME, 3, 3)
        page = candidate.with_name(f"{NAME}.html").read_text("utf-8")
        assert page.startswith("<!doctype html>")
        assert "order_status has 1 messages, fewer than 25" in page
        assert "<code>bot evaluate</code>" in page

    def test_again_the_scores_are_the_same_to_the_byte(
        self, bot: RunBot, candidate: Path, test_set: Path, tmp_path: Path
    ) -> None:
        folders = [tmp_path / "first", tmp_path / "second"]
        for folder in folders:
            assert bot("evaluate", "--out", str(folder)).code == 0
        first, second = ((folder / f"{NAME}.scores.json").read_bytes() for folder in folders)
        assert first == second
        assert not self.scores(candidate).exists()

    def test_a_live_model_that_was_evaluated_is_compared(
        self, bot: RunBot, candidate: Path, test_set: Path, project: Path
    ) -> None:
        live = project / "models" / "live" / "model.tar.gz"
        live.parent.mkdir()
        live.write_bytes(candidate.read_bytes() + b"\0")
        assert bot("evaluate", "--model", "models/live/model.tar.gz").code == 0
        assert bot("evaluate").code == 0
        page = candidate.with_name(f"{NAME}.html").read_text("utf-8")
        assert "which is live, 3:" in page

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ("messages: [\n", "messages.yml:2: this is no YAML"),
            ("messages:\n- {text: hullo, label: gret}\n", "messages.yml:2: the bot knows no label"),
        ],
    )
    def test_a_wrong_test_set_is_named_with_its_line(
        self, bot: RunBot, candidate: Path, test_set: Path, content: str, said: str
    ) -> None:
        test_set.write_text(content)
        outcome = bot("evaluate")
        assert (outcome.code, outcome.out) == (2, "")
        assert said in outcome.err
        assert not self.scores(candidate).exists()

    def test_a_missing_test_set_is_named(
        self, bot: RunBot, candidate: Path, test_set: Path
    ) -> None:
        outcome = bot("evaluate", "--test-set", "none.yml")
        assert (outcome.code, outcome.err.count("\n")) == (2, 1)
        assert "none.yml: no test set here; name its file with --test-set" in outcome.err

    def test_training_data_that_repeats_a_message_is_work_that_failed(
        self, bot: RunBot, candidate: Path, test_set: Path
    ) -> None:
        text = "track order"
        lines = (ROOT / "data" / "nlu.yml").read_text("utf-8").splitlines()
        line = lines.index(f"      - {text}") + 1
        test_set.write_text(f"messages:\n- {{text: '{text.upper()}!', label: order_status}}\n")
        outcome = bot("evaluate")
        assert (outcome.code, outcome.out) == (1, "")
        assert f"data/nlu.yml:{line}: {text!r} repeats the test message" in outcome.err
        assert not self.scores(candidate).exists()

    def test_a_folder_that_cannot_be_written_is_named(
        self, bot: RunBot, candidate: Path, test_set: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "file").write_text("")
        outcome = bot("evaluate", "--out", str(tmp_path / "file" / "folder"))
        assert outcome.code == 2
        assert str(tmp_path / "file") in outcome.err

    @staticmethod
    def scores(model: Path) -> Path:
        return model.with_name(f"{NAME}.scores.json")
