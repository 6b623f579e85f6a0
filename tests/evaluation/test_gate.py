import pytest

from bot.evaluation.gate import Rules, find_losses, find_missing_labels
from bot.evaluation.scores import LabelScore, Scores


def scores(test_set: str = "t", **right_of: tuple[int, int]) -> Scores:
    """Scores by label as `(right, messages)`."""
    labels = {label: LabelScore(n, right, right) for label, (right, n) in right_of.items()}
    return Scores("model", test_set, labels)


def test_the_same_scores_pass() -> None:
    same = scores(cancel=(30, 40), status=(38, 40))
    assert find_losses(same, same, Rules()) == []


def test_a_better_candidate_passes() -> None:
    assert find_losses(scores(cancel=(31, 40)), scores(cancel=(30, 40)), Rules()) == []


def test_a_label_that_loses_more_than_the_margin_is_named_with_before_and_after() -> None:
    before, after = (
        scores(cancel=(38, 40), status=(20, 40)),
        scores(cancel=(35, 40), status=(30, 40)),
    )
    assert find_losses(after, before, Rules()) == [
        "cancel falls from 95.0% to 87.5% (38 to 35 of 40 messages), more than the margin of 5.0%"
    ]


@pytest.mark.parametrize(
    ("messages", "margin", "allowed"),
    [
        (40, 0.05, 2),
        (39, 0.05, 1),
        (20, 0.05, 1),
        (10, 0.05, 1),
        (1, 0.05, 1),
        (100, 0.07, 7),
        (40, 0.0, 0),
        (10, 1.0, 10),
    ],
)
def test_a_label_may_lose_its_margin_and_always_one_message_unless_the_margin_is_zero(
    messages: int, margin: float, allowed: int
) -> None:
    # What the label loses, another one gains.
    before = scores(cancel=(messages, messages), status=(0, 100))
    for lost in range(messages + 1):
        after = scores(cancel=(messages - lost, messages), status=(100, 100))
        refused = bool(find_losses(after, before, Rules(margin)))
        assert refused == (lost > allowed), lost


def test_fewer_messages_in_all_are_refused_though_no_label_loses_its_margin() -> None:
    before = scores(cancel=(40, 40), status=(40, 40))
    after = scores(cancel=(39, 40), status=(40, 40))
    assert find_losses(after, before, Rules()) == [
        "total falls from 100.0% to 98.8% (80 to 79 of 80 messages); it may not fall"
    ]


def test_every_reason_is_given() -> None:
    before = scores(cancel=(40, 40), status=(40, 40), stop=(40, 40))
    after = scores(cancel=(10, 40), status=(10, 40), stop=(40, 40))
    reasons = find_losses(after, before, Rules())
    assert [reason.split()[0] for reason in reasons] == ["cancel", "status", "total"]


def test_a_label_that_the_candidate_never_got_right_counts_as_lost() -> None:
    before, after = scores(cancel=(40, 40), status=(0, 40)), scores(status=(40, 40))
    [reason] = find_losses(after, before, Rules())
    assert reason.startswith("cancel falls from 100.0% to 0.0%")


def test_a_label_removed_on_purpose_counts_nowhere() -> None:
    before, after = scores(cancel=(40, 40), status=(30, 40)), scores(status=(30, 40))
    assert find_losses(after, before, Rules(removed=frozenset({"cancel"}))) == []


def test_scores_of_different_test_sets_are_not_compared() -> None:
    with pytest.raises(ValueError, match="different test sets"):
        find_losses(scores("t", cancel=(1, 1)), scores("u", cancel=(1, 1)), Rules())


def test_a_label_that_only_the_live_model_knows_is_missing_unless_it_was_removed() -> None:
    candidate, live = ["status", "new"], ["status", "faq/old", "cancel"]
    assert [one.split()[0] for one in find_missing_labels(candidate, live, Rules())] == [
        "cancel",
        "faq/old",
    ]
    removed = Rules(removed=frozenset({"cancel", "faq/old"}))
    assert find_missing_labels(candidate, live, removed) == []
