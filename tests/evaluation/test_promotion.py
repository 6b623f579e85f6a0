import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.brain.model_folder import ModelFolder
from bot.errors import ConfigurationError, WorkFailed
from bot.evaluation.gate import Rules
from bot.evaluation.ledger import Entry, Ledger
from bot.evaluation.promotion import Decision, PromotionRefused, Promotions
from bot.evaluation.scores import LabelScore, Scores
from tests.candidate_files import add_candidate
from tests.evaluation.conftest import FIRST, NOW, SECOND, THIRD

TEST_SET = "t" * 64


@dataclass
class FakeEvaluator:
    """Gives each model so many right messages of forty, and counts the evaluations."""

    right: dict[str, int] = field(default_factory=dict)
    test_set_sha256: str = TEST_SET
    evaluated: list[str] = field(default_factory=list)
    broken: str | None = None

    def evaluate(self, model: Path, name: str) -> Scores:
        assert model.is_file()
        if name == self.broken:
            raise ConfigurationError(f"{model.name}: this model cannot be loaded")
        self.evaluated.append(name)
        return self.scores(name)

    def scores(self, name: str) -> Scores:
        right = self.right.get(name, 30)
        return Scores(name, self.test_set_sha256, {"cancel_order": LabelScore(40, right, right)})


@pytest.fixture
def evaluator() -> FakeEvaluator:
    return FakeEvaluator()


@pytest.fixture
def promotions(files: ModelFolder) -> Promotions:
    return Promotions(files, clock=lambda: NOW)


def can_be_served(_: Path) -> None:
    pass


def judge(
    promotions: Promotions, name: str, evaluator: FakeEvaluator, rules: Rules | None = None
) -> Decision:
    return promotions.judge(name, rules or Rules(), check=can_be_served, evaluator=evaluator)


def promote(promotions: Promotions, name: str, evaluator: FakeEvaluator) -> None:
    decision = judge(promotions, name, evaluator)
    promotions.promote(decision, Rules(), reason="because")


def entries(files: ModelFolder) -> list[Entry]:
    return Ledger(files.project_dir).read()


def test_the_first_model_goes_live_without_a_comparison_and_says_so(
    promotions: Promotions, files: ModelFolder, evaluator: FakeEvaluator
) -> None:
    promote(promotions, FIRST, evaluator)
    [entry] = entries(files)
    assert (files.live_id(), entry.outcome, entry.previous) == (FIRST, "promoted", None)
    assert entry.remarks == ("there was no live model to compare with",)
    assert evaluator.evaluated == []


def test_a_promotion_is_recorded_with_scores_hash_reason_and_who(
    promotions: Promotions, files: ModelFolder, evaluator: FakeEvaluator
) -> None:
    evaluator.right = {FIRST: 30, SECOND: 31}
    promote(promotions, FIRST, evaluator)
    promote(promotions, SECOND, evaluator)
    entry = entries(files)[-1]
    assert entry.scores == evaluator.scores(SECOND).to_json()
    assert entry.previous_scores == evaluator.scores(FIRST).to_json()
    assert (entry.at, entry.model, entry.previous, entry.reason, entry.margin) == (
        NOW,
        SECOND,
        FIRST,
        "because",
        0.05,
    )
    assert entry.data_sha256 == "d" * 64
    assert entry.by


def test_a_worse_candidate_is_refused_recorded_and_not_live(
    promotions: Promotions, files: ModelFolder, evaluator: FakeEvaluator
) -> None:
    evaluator.right = {FIRST: 30, SECOND: 20}
    promote(promotions, FIRST, evaluator)
    with pytest.raises(PromotionRefused) as refused:
        promote(promotions, SECOND, evaluator)
    message = str(refused.value)
    assert "\n" not in message
    assert f"{SECOND} refused: cancel_order falls from 75.0% to 50.0% (30 to 20 of 40" in message
    assert refused.value.exit_code == 1
    entry = entries(files)[-1]
    assert (files.live_id(), entry.outcome, entry.model) == (FIRST, "refused", SECOND)
    assert entry.remarks[0] in message


def test_a_wider_margin_and_a_gain_elsewhere_let_it_through(
    promotions: Promotions, evaluator: FakeEvaluator
) -> None:
    evaluator.right = {FIRST: 30, SECOND: 25}
    promote(promotions, FIRST, evaluator)
    reasons = judge(promotions, SECOND, evaluator, Rules(margin=0.2)).refusals
    assert [reason.split()[0] for reason in reasons] == ["total"]


def test_a_model_that_cannot_be_served_is_refused_before_it_is_scored(
    promotions: Promotions, files: ModelFolder, evaluator: FakeEvaluator
) -> None:
    def check(model: Path) -> None:
        raise ConfigurationError(f"{model.name}: understands 'where is my order' as greet")

    decision = promotions.judge(FIRST, Rules(), check=check, evaluator=evaluator)
    with pytest.raises(PromotionRefused, match="as greet"):
        promotions.promote(decision, Rules(), reason="")
    assert (files.live_id(), entries(files)[-1].outcome) == (None, "refused")
    assert evaluator.evaluated == []


@pytest.mark.parametrize(
    ("suffix", "content", "said"),
    [
        (".tar.gz", "cut short", "not the file that was trained"),
        (".json", None, "missing"),
        (".json", "", "not a record"),
        (".json", '{"id": "2026', "not a record"),
        (".json", "[]", "not a record"),
    ],
)
def test_a_damaged_candidate_is_refused_and_its_file_named(
    promotions: Promotions,
    files: ModelFolder,
    evaluator: FakeEvaluator,
    suffix: str,
    content: str | None,
    said: str,
) -> None:
    path = files.candidates / f"{FIRST}{suffix}"
    if content is None:
        path.unlink()
    else:
        path.write_text(content)
    with pytest.raises(PromotionRefused, match=rf"models/candidates/{FIRST}{suffix}: {said}"):
        promote(promotions, FIRST, evaluator)
    assert files.live_id() is None


def test_the_record_of_another_model_is_refused(
    promotions: Promotions, files: ModelFolder, evaluator: FakeEvaluator
) -> None:
    other = (files.candidates / f"{SECOND}.json").read_text()
    (files.candidates / f"{FIRST}.json").write_text(other)
    with pytest.raises(PromotionRefused, match=f"the record of {SECOND}, not of {FIRST}"):
        promote(promotions, FIRST, evaluator)


def test_a_label_that_is_missing_is_refused_unless_it_was_removed_on_purpose(
    promotions: Promotions, files: ModelFolder, evaluator: FakeEvaluator, tmp_path: Path
) -> None:
    promote(promotions, FIRST, evaluator)
    add_candidate(tmp_path, tmp_path / "trained", THIRD, labels={"cancel_order": 40})
    [reason] = judge(promotions, THIRD, evaluator).refusals
    assert reason.startswith("order_status is missing")
    assert "--without order_status" in reason
    rules = Rules(removed=frozenset({"order_status"}))
    assert judge(promotions, THIRD, evaluator, rules).refusals == ()


def test_scores_are_counted_once_and_kept(
    promotions: Promotions, files: ModelFolder, evaluator: FakeEvaluator
) -> None:
    promote(promotions, FIRST, evaluator)
    judge(promotions, SECOND, evaluator)
    judge(promotions, SECOND, evaluator)
    assert sorted(evaluator.evaluated) == [FIRST, SECOND]
    assert json.loads((files.candidates / f"{SECOND}.scores.json").read_text())["model"] == SECOND


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"model": 1, "test_set_sha256": 2, "labels": 3}',
        json.dumps(Scores(SECOND, "another test set", {}).to_json()),
        json.dumps(Scores("another model", TEST_SET, {}).to_json()),
    ],
)
def test_scores_that_are_damaged_or_of_something_else_are_counted_again(
    promotions: Promotions, files: ModelFolder, evaluator: FakeEvaluator, content: str
) -> None:
    promote(promotions, FIRST, evaluator)
    (files.candidates / f"{SECOND}.scores.json").write_text(content)
    decision = judge(promotions, SECOND, evaluator)
    assert decision.scores == evaluator.scores(SECOND)


def test_a_live_model_that_cannot_be_loaded_is_replaced_and_that_is_said(
    promotions: Promotions, files: ModelFolder, evaluator: FakeEvaluator
) -> None:
    promote(promotions, FIRST, evaluator)
    evaluator.broken = FIRST
    promote(promotions, SECOND, evaluator)
    assert files.live_id() == SECOND
    [remark] = entries(files)[-1].remarks
    assert remark.startswith("the live model cannot be compared with")


def test_of_two_promotions_at_once_one_wins_and_the_other_is_told(
    promotions: Promotions, files: ModelFolder, evaluator: FakeEvaluator
) -> None:
    promote(promotions, FIRST, evaluator)
    slower = judge(promotions, THIRD, evaluator)
    promote(promotions, SECOND, evaluator)
    with pytest.raises(WorkFailed, match=f"compared with {FIRST}, but {SECOND} is live by now"):
        promotions.promote(slower, Rules(), reason="")
    assert files.live_id() == SECOND
    assert [entry.model for entry in entries(files)] == [FIRST, SECOND]


def test_a_rollback_goes_back_one_by_one_and_is_recorded(
    promotions: Promotions, files: ModelFolder, evaluator: FakeEvaluator
) -> None:
    for name in (FIRST, SECOND, THIRD):
        promote(promotions, name, evaluator)
    evaluated = len(evaluator.evaluated)
    assert promotions.roll_back(None, reason="it was rude").model == SECOND
    assert promotions.roll_back(None, reason="").model == FIRST
    assert (files.live_id(), len(evaluator.evaluated)) == (FIRST, evaluated)
    entry = entries(files)[-2]
    assert (entry.outcome, entry.previous, entry.reason) == ("rolled back", THIRD, "it was rude")
    with pytest.raises(ConfigurationError, match="nothing to go back to"):
        promotions.roll_back(None, reason="")
    assert promotions.roll_back(THIRD, reason="").model == THIRD


def test_a_rollback_needs_no_candidate(
    promotions: Promotions, files: ModelFolder, evaluator: FakeEvaluator
) -> None:
    promote(promotions, FIRST, evaluator)
    promote(promotions, SECOND, evaluator)
    for path in files.candidates.iterdir():
        path.unlink()
    promotions.roll_back(None, reason="")
    assert files.live_model.read_text() == f"the model {FIRST}"


def test_where_no_model_is_live_there_is_nothing_to_go_back_to(promotions: Promotions) -> None:
    with pytest.raises(ConfigurationError, match="nothing to go back to"):
        promotions.roll_back(None, reason="")


@pytest.mark.parametrize(
    ("to", "said"),
    [
        (SECOND, f"{SECOND} is the live model already"),
        (THIRD, f"{THIRD}: not kept in models/live; to go back to there are: {FIRST}"),
        ("../../etc", "not kept in models/live"),
    ],
)
def test_a_model_that_was_not_live_cannot_be_gone_back_to(
    promotions: Promotions, files: ModelFolder, evaluator: FakeEvaluator, to: str, said: str
) -> None:
    promote(promotions, FIRST, evaluator)
    promote(promotions, SECOND, evaluator)
    with pytest.raises(ConfigurationError, match=said):
        promotions.roll_back(to, reason="")
    assert files.live_id() == SECOND


def test_a_kept_model_that_was_changed_is_not_gone_back_to(
    promotions: Promotions, files: ModelFolder, evaluator: FakeEvaluator
) -> None:
    promote(promotions, FIRST, evaluator)
    promote(promotions, SECOND, evaluator)
    (files.live / f"{FIRST}.tar.gz").write_text("cut short")
    with pytest.raises(WorkFailed, match=f"{FIRST}.tar.gz: not the file that was trained"):
        promotions.roll_back(None, reason="")
    assert files.live_id() == SECOND
