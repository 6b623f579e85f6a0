import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.brain.model_folder import ModelFolder
from bot.evaluation.gate import Rules
from bot.evaluation.ledger import Ledger
from bot.evaluation.promotion import Decision, Promotions
from bot.evaluation.scores import LabelScore, Scores
from bot.evaluation.test_set import TEST_SET
from tests.candidate_files import add_candidate
from tests.cli.conftest import RunBot
from tests.trained_model import ROOT

FIRST, SECOND = "20261101-120000", "20261102-120000"


@pytest.fixture
def project(project: Path) -> Path:
    """A project's folder with the frozen test set, its encoder, and no model."""
    (project / TEST_SET).parent.mkdir(parents=True)
    (project / TEST_SET).symlink_to(ROOT / TEST_SET)
    (project / "models").mkdir()
    (project / "models" / "encoder").symlink_to(ROOT / "models" / "encoder")
    return project


@pytest.fixture
def two_models(project: Path, tmp_path: Path) -> ModelFolder:
    """One model is live and another was before; no file of theirs can be loaded."""
    for name in (FIRST, SECOND):
        model = tmp_path / "trained"
        model.write_text(f"the model {name}")
        add_candidate(project, model, name)
        make_live(project, name)
    return ModelFolder(project)


def make_live(project: Path, name: str) -> None:
    """Make a candidate live without the gate."""
    folder = ModelFolder(project)
    decision = Decision(name, folder.live_id())
    Promotions(folder, clock=lambda: datetime.now(UTC)).promote(decision, Rules(), reason="")


def write_scores(project: Path, name: str, right: int) -> None:
    scores = Scores(name, "t" * 64, {"cancel_order": LabelScore(40, right, right)})
    path = ModelFolder(project).scores(name)[0]
    path.write_text(json.dumps(scores.to_json()))


@pytest.mark.model
@pytest.mark.timeout(600)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_bad_label_in_the_training_data_is_stopped_by_the_gate(
    bot: RunBot, project: Path, trained_model: Path, worse_model: Path
) -> None:
    add_candidate(project, trained_model, FIRST)
    add_candidate(project, worse_model, SECOND)
    first = bot("promote", FIRST)
    assert first.lines == [f"live    {FIRST}", "        there was no live model to compare with"]
    only_looked = bot("promote", "--report-only")
    refused = bot("promote", "--reason", "more cancellations")
    for outcome in (only_looked, refused):
        assert (outcome.code, outcome.out) == (1, "")
        assert outcome.err.count("\n") == 1
        assert "cancel_order falls from" in outcome.err
        assert "more than the margin of 5.0%" in outcome.err
    folder = ModelFolder(project)
    assert folder.live_id() == FIRST
    decisions = [(one.outcome, one.model, one.reason) for one in Ledger(project).read()]
    assert decisions == [("promoted", FIRST, ""), ("refused", SECOND, "more cancellations")]
    listed = bot("models")
    assert any("refused; cancel_order falls" in line for line in listed.lines)


@pytest.mark.model
def test_a_candidate_that_does_not_load_is_refused_and_the_live_model_stays(
    bot: RunBot, two_models: ModelFolder
) -> None:
    outcome = bot("promote", FIRST)
    assert (outcome.code, outcome.err.count("\n")) == (1, 1)
    assert f"{FIRST} refused: " in outcome.err
    assert "cannot be loaded" in outcome.err
    assert two_models.live_id() == SECOND


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["promote", "20990101-000000"], "no such model; `bot models` lists"),
        (["promote", "../../secret"], "no such model"),
        (["promote"], "no candidate here; train one with: bot train"),
        (["rollback"], "nothing to go back to"),
        (["rollback", "--to", FIRST], f"{FIRST}: not kept in models/live"),
    ],
)
def test_what_is_not_there_is_one_line(bot: RunBot, arguments: list[str], said: str) -> None:
    outcome = bot(*arguments)
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (2, "", 1)
    assert said in outcome.err


@pytest.mark.parametrize("margin", ["-0.1", "1.5", "five"])
def test_a_margin_that_is_no_share_is_refused(bot: RunBot, margin: str) -> None:
    assert bot("promote", "--margin", margin).code == 2


def test_the_live_model_is_not_promoted_again(bot: RunBot, two_models: ModelFolder) -> None:
    outcome = bot("promote")
    assert (outcome.code, outcome.lines) == (0, [f"live    {SECOND} already"])


def test_a_rollback_is_one_command(bot: RunBot, two_models: ModelFolder, project: Path) -> None:
    outcome = bot("rollback", "--reason", "it was rude")
    assert outcome.code == 0
    assert outcome.out.startswith(f"live    {FIRST} (before: {SECOND})")
    assert two_models.live_id() == FIRST
    assert Ledger(project).read()[-1].reason == "it was rude"
    assert bot("rollback").code == 2
    assert bot("rollback", "--to", SECOND).code == 0


def test_models_are_listed_with_scores_hashes_and_what_became_of_them(
    bot: RunBot, two_models: ModelFolder, project: Path
) -> None:
    write_scores(project, SECOND, right=30)
    header, second, first = bot("models").lines
    assert header.split() == [
        *("id", "trained", "(UTC)", "data", "score", "test", "set", "weakest", "label", "state"),
    ]
    assert second.split() == [
        *(SECOND, "2026-11-02", "12:00", "dddddddd", "75.0%", "tttttttt"),
        *("cancel_order", "75%", "live"),
    ]
    assert "not evaluated" in first
    assert first.rstrip().endswith("was live")


def test_models_are_listed_for_programs(
    bot: RunBot, two_models: ModelFolder, project: Path
) -> None:
    write_scores(project, SECOND, right=30)
    second, first = json.loads(bot("models", "--json").out)
    assert (second["id"], second["state"], second["accuracy"]) == (SECOND, "live", 0.75)
    assert (second["weakest_label"], second["record"]["data_sha256"]) == ("cancel_order", "d" * 64)
    assert (first["state"], first["scores"], first["file_kept"]) == ("was live", None, True)


def test_a_model_of_which_only_the_record_is_left_is_still_listed(
    bot: RunBot, two_models: ModelFolder
) -> None:
    for folder in (two_models.candidates, two_models.live):
        (folder / f"{FIRST}.tar.gz").unlink()
    [_, first] = json.loads(bot("models", "--json").out)
    assert (first["id"], first["state"], first["file_kept"]) == (FIRST, "was live", False)
    assert "was live (file removed)" in bot("models").lines[-1]


def test_a_damaged_record_does_not_hide_the_others(bot: RunBot, two_models: ModelFolder) -> None:
    for folder in (two_models.candidates, two_models.live):
        (folder / f"{FIRST}.json").write_text('{"id": "2026')
    listed = json.loads(bot("models", "--json").out)
    assert [(one["id"], one["record"] is None) for one in listed] == [
        (SECOND, False),
        (FIRST, True),
    ]


def test_without_models_the_list_says_how_to_make_one(bot: RunBot) -> None:
    assert bot("models").lines == ["no models; train one with: bot train"]


def test_a_ledger_that_cannot_be_read_is_one_line_with_its_place(
    bot: RunBot, two_models: ModelFolder, project: Path
) -> None:
    with (project / "models" / "promotions.jsonl").open("a") as ledger:
        ledger.write("nonsense\n")
    for command in ("models", "rollback"):
        outcome = bot(command)
        assert (outcome.code, outcome.err.count("\n")) == (2, 1)
        assert "models/promotions.jsonl:3: " in outcome.err
    assert two_models.live_id() == SECOND
