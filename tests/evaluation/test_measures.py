from dataclasses import astuple

import pytest

from bot.evaluation.confusion_matrix import arrange_matrix
from bot.evaluation.measures import (
    Totals,
    bin_confidences,
    calibration_error,
    count_questions,
    count_totals,
    find_confusions,
    find_worst_mistakes,
    place_shipped_rule,
    tabulate_labels,
    tabulate_robustness,
    trace_thresholds,
)
from bot.evaluation.shares import Share
from tests.evaluation.samples import ARTICLE, evaluation, judged, turned_away, understood

EVALUATION = evaluation()
CLEAN = EVALUATION.clean


def test_each_figure_counts_what_its_name_says() -> None:
    assert count_totals(CLEAN) == Totals(
        right=Share(4, 9),
        answered_right=Share(3, 6),
        answered_wrong=Share(3, 9),
        acted_wrong=Share(2, 3),
        caught=Share(1, 2),
        rejected=Share(1, 7),
        asked=Share(1, 9),
        asked_well=Share(1, 1),
        split=Share(0, 9),
    )


def test_labels_stand_in_order_of_recall() -> None:
    rows = tabulate_labels(CLEAN)
    assert [(row.label, row.recall) for row in rows] == [
        (ARTICLE, Share(1, 3)),
        ("cancel_order", Share(1, 2)),
        ("greet", Share(1, 2)),
        ("out_of_scope", Share(1, 2)),
    ]
    article = rows[0]
    assert article.precision == Share(1, 2)
    assert article.f1 == pytest.approx(2 / 5)
    assert (article.wrong, article.asked, article.rejected) == (1, 0, 1)


def test_a_label_that_nothing_got_has_no_precision() -> None:
    [row] = tabulate_labels([judged("greet", understood("help"))])
    assert (row.precision, row.f1) == (Share(0, 0), 0)


def test_confusions_come_with_their_messages_the_largest_group_first() -> None:
    outcomes = [
        judged("greet", understood("help", 0.7), "second"),
        judged("greet", understood("stop")),
        judged("greet", understood("help", 0.8), "first"),
        judged("help", understood("help")),
    ]
    groups = find_confusions(outcomes)
    assert [(one.label, one.given, len(one.outcomes)) for one in groups] == [
        ("greet", "help", 2),
        ("greet", "stop", 1),
    ]
    assert [one.message.text for one in groups[0].outcomes] == ["first", "second"]


def test_the_matrix_counts_each_message_once_and_leads_to_its_group() -> None:
    confusions = find_confusions(CLEAN)
    matrix = arrange_matrix(CLEAN, confusions)
    assert matrix.columns == tuple(
        sorted([ARTICLE, "cancel_order", "greet", "help", "order_status", "out_of_scope"])
    )
    cells = [cell for _, row in matrix.rows for cell in row]
    assert sum(cell.share.count for cell in cells) == len(CLEAN)
    for label, row in matrix.rows:
        for given, cell in zip(matrix.columns, row, strict=True):
            assert cell.is_right == (label == given)
            if cell.group:
                group = confusions[cell.group - 1]
                assert (group.label, group.given) == (label, given)
                assert len(group.outcomes) == cell.share.count
            else:
                assert cell.is_right or not cell.share.count


def test_a_higher_threshold_answers_less() -> None:
    points = trace_thresholds(CLEAN)
    assert len(points) == 101
    assert (points[0].threshold, points[-1].threshold) == (0, 1)
    assert [point.coverage for point in points] == sorted(
        (point.coverage for point in points), reverse=True
    )
    assert [point.wrong for point in points] == sorted(
        (point.wrong for point in points), reverse=True
    )


def test_the_curve_counts_answers_from_the_threshold_upwards() -> None:
    outcomes = [
        judged("greet", understood("greet", 0.9)),
        judged("greet", understood("help", 0.6)),
        judged("greet", turned_away("greet", 0.4)),
        judged("out_of_scope", understood("stop", 0.7)),
        judged("out_of_scope", understood("out_of_scope", 0.8)),
    ]
    points = trace_thresholds(outcomes)
    assert astuple(points[60]) == pytest.approx((0.6, 2 / 3, 1 / 3, 2 / 5))
    assert astuple(points[61]) == pytest.approx((0.61, 1 / 3, 1 / 2, 1 / 5))
    assert (points[0].coverage, points[0].precision) == (1, 0.5)
    assert (points[100].coverage, points[100].precision, points[100].wrong) == (0, 1, 0)


def test_the_shipped_rule_lies_on_the_curve_of_a_plain_threshold() -> None:
    outcomes = [outcome for outcome in CLEAN if not outcome.answers[0].choices]
    assert place_shipped_rule(outcomes, 0.5) == trace_thresholds(outcomes)[50]


def test_asking_back_is_no_answer() -> None:
    shipped = place_shipped_rule(CLEAN, 0.5)
    assert astuple(shipped) == pytest.approx((0.5, 5 / 7, 3 / 6, 3 / 9))


def test_confidences_are_sorted_into_bins() -> None:
    outcomes = [
        judged("greet", understood("greet", confidence)) for confidence in (0.0, 0.05, 0.1, 1.0)
    ]
    bins = bin_confidences([*outcomes, judged("help", understood("greet", 0.95))])
    counts = [(one.right, one.wrong) for one in bins]
    assert counts == [(2, 0), (1, 0), *[(0, 0)] * 7, (1, 1)]
    assert bins[-1].mean_confidence == pytest.approx(0.975)
    assert bins[-1].accuracy == 0.5


def test_calibration_error_is_the_weighted_distance() -> None:
    outcomes = [judged("greet", understood("greet", 0.75)) for _ in range(3)]
    outcomes.append(judged("help", understood("greet", 0.25)))
    assert calibration_error(bin_confidences(outcomes)) == pytest.approx(0.25)
    assert calibration_error([]) == 0


def test_the_robustness_table_starts_with_all_messages() -> None:
    total, *rows = tabulate_robustness(EVALUATION.outcomes)
    assert (total.label, total.right) == ("", (Share(4, 9), Share(2, 9), Share(2, 9)))
    assert total.lost == pytest.approx(2 / 9)
    assert {row.label for row in rows} == {ARTICLE, "cancel_order", "greet", "out_of_scope"}
    assert [row.lost for row in rows] == sorted((row.lost for row in rows), reverse=True)


def test_the_worst_mistakes_are_the_surest_ones() -> None:
    worst = find_worst_mistakes(CLEAN, 2)
    assert [outcome.confidence for outcome in worst] == [0.93, 0.8]


def test_several_questions_count_only_in_order() -> None:
    totals = count_questions(EVALUATION.two_questions)
    assert (totals.in_order, totals.split, totals.some) == (Share(1, 2), Share(1, 2), Share(2, 2))


def test_without_messages_there_are_no_figures_and_no_errors() -> None:
    assert count_totals([]).right == Share(0, 0)
    assert count_questions([]).in_order == Share(0, 0)
    assert tabulate_labels([]) == []


@pytest.mark.parametrize(
    ("share", "interval"),
    # Newcombe 1998, Statistics in Medicine 17, table I, method 3.
    [
        (Share(81, 263), (0.2553, 0.3662)),
        (Share(15, 148), (0.0624, 0.1605)),
        (Share(0, 20), (0.0, 0.1611)),
        (Share(1, 29), (0.0061, 0.1718)),
    ],
)
def test_intervals_agree_with_published_ones(share: Share, interval: tuple[float, float]) -> None:
    assert share.interval == pytest.approx(interval, abs=5e-5)


def test_of_nothing_any_share_may_be_true() -> None:
    assert (Share(0, 0).value, Share(0, 0).interval) == (0, (0, 1))
