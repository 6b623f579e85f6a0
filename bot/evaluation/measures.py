"""Counts, tables and curves of the outcomes of a test set; each says what it counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.evaluation.outcomes import Fate, Outcome, acts_on_orders_or_articles
from bot.evaluation.shares import Share
from bot.nlu.labels import OUT_OF_SCOPE

Outcomes = Sequence[Outcome]

CURVE_STEPS: Final = 100
CONFIDENCE_BINS: Final = 10


@dataclass(frozen=True)
class Totals:
    """The figures of messages with one question each.

    Attributes:
        right: Got their label, of all.
        answered_right: Of what the bot answered without asking.
        answered_wrong: Answered without asking and not with their label, of all.
        acted_wrong: Those of `answered_wrong` that got an article, an order's business or a person.
        caught: Turned away, of what the help center does not cover.
        rejected: Turned away, of what it does cover.
        asked: *Did you mean*, of all.
        asked_well: With the right choice among those offered, of `asked`.
        split: Taken for several questions, of all.
    """

    right: Share
    answered_right: Share
    answered_wrong: Share
    acted_wrong: Share
    caught: Share
    rejected: Share
    asked: Share
    asked_well: Share
    split: Share


def count_totals(outcomes: Outcomes) -> Totals:
    """Count what becomes of the messages."""
    fates = Counter(outcome.fate for outcome in outcomes)
    total = len(outcomes)
    outside = sum(outcome.message.label == OUT_OF_SCOPE for outcome in outcomes)
    asked = fates[Fate.ASKED_WELL] + fates[Fate.ASKED_BADLY]
    acted_wrong = sum(
        any(acts_on_orders_or_articles(label) for label in outcome.wrong_answers)
        for outcome in outcomes
    )
    return Totals(
        right=Share(sum(outcome.is_right for outcome in outcomes), total),
        answered_right=Share(fates[Fate.RIGHT], fates[Fate.RIGHT] + fates[Fate.WRONG]),
        answered_wrong=Share(fates[Fate.WRONG], total),
        acted_wrong=Share(acted_wrong, fates[Fate.WRONG]),
        caught=Share(fates[Fate.CAUGHT], outside),
        rejected=Share(fates[Fate.REJECTED], total - outside),
        asked=Share(asked, total),
        asked_well=Share(fates[Fate.ASKED_WELL], asked),
        split=Share(sum(outcome.is_split for outcome in outcomes), total),
    )


@dataclass(frozen=True)
class LabelRow:
    """One label's figures.

    Attributes:
        recall: Messages of the label that got it.
        precision: Messages of the label, of all that got it.
        wrong: Messages of the label that were answered wrong without asking.
        asked: Messages of the label that the bot asked back about.
        rejected: Messages of the label that were turned away.
    """

    label: str
    recall: Share
    precision: Share
    wrong: int
    asked: int
    rejected: int

    @property
    def f1(self) -> float:
        """The harmonic mean of recall and precision, 0 to 1."""
        counted = self.recall.of + self.precision.of
        return 2 * self.recall.count / counted if counted else 0.0


def tabulate_labels(outcomes: Outcomes) -> list[LabelRow]:
    """Make one row a label of the test set, the lowest recall first."""
    given = Counter(outcome.given for outcome in outcomes)
    rows = []
    for label, own in _by_label(outcomes).items():
        fates = Counter(outcome.fate for outcome in own)
        right = sum(outcome.is_right for outcome in own)
        rows.append(
            LabelRow(
                label,
                Share(right, len(own)),
                Share(right, given[label]),
                fates[Fate.WRONG],
                fates[Fate.ASKED_WELL] + fates[Fate.ASKED_BADLY],
                fates[Fate.REJECTED] + fates[Fate.CAUGHT],
            )
        )
    return sorted(rows, key=lambda row: (row.recall.value, row.label))


@dataclass(frozen=True)
class Confusion:
    """Messages of one label that got another one."""

    label: str
    given: str
    outcomes: tuple[Outcome, ...]


def find_confusions(outcomes: Outcomes) -> list[Confusion]:
    """Group the messages that got another label than theirs, the largest group first."""
    groups: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if not outcome.is_right:
            groups[outcome.message.label, outcome.given].append(outcome)
    confusions = [
        Confusion(*pair, tuple(sorted(group, key=lambda one: -one.confidence)))
        for pair, group in groups.items()
    ]
    return sorted(confusions, key=lambda one: (-len(one.outcomes), one.label, one.given))


@dataclass(frozen=True)
class CurvePoint:
    """What one threshold alone would do; see `trace_thresholds`."""

    threshold: float
    coverage: float
    precision: float
    wrong: float


def trace_thresholds(outcomes: Outcomes) -> list[CurvePoint]:
    """Answer with the best guess wherever it is at least as sure as a threshold, for 101 of them.

    Coverage: covered messages that get an answer, of all covered ones. Precision: answers with the
    right label, of all answers; 1 where there are none. Wrong: answers with another label, of all
    messages.
    """
    guesses = [(outcome.best_guess, outcome.message.label) for outcome in outcomes]
    covered = sum(label != OUT_OF_SCOPE for _, label in guesses)
    points = []
    for step in range(CURVE_STEPS + 1):
        threshold = step / CURVE_STEPS
        answered = [
            (guess.label, label)
            for guess, label in guesses
            if guess.label != OUT_OF_SCOPE and guess.confidence >= threshold
        ]
        right = sum(guess == label for guess, label in answered)
        points.append(
            CurvePoint(
                threshold,
                coverage=Share(sum(label != OUT_OF_SCOPE for _, label in answered), covered).value,
                precision=Share(right, len(answered)).value if answered else 1.0,
                wrong=Share(len(answered) - right, len(guesses)).value,
            )
        )
    return points


def place_shipped_rule(outcomes: Outcomes, threshold: float) -> CurvePoint:
    """Return where the model's own rule stands, *did you mean* included, in the curve's terms."""
    answered = [outcome for outcome in outcomes if outcome.fate in (Fate.RIGHT, Fate.WRONG)]
    covered = [outcome for outcome in outcomes if outcome.message.label != OUT_OF_SCOPE]
    wrong = sum(outcome.fate is Fate.WRONG for outcome in answered)
    reached = sum(outcome.fate in (Fate.RIGHT, Fate.WRONG) for outcome in covered)
    return CurvePoint(
        threshold,
        coverage=Share(reached, len(covered)).value,
        precision=Share(len(answered) - wrong, len(answered)).value if answered else 1.0,
        wrong=Share(wrong, len(outcomes)).value,
    )


@dataclass(frozen=True)
class ConfidenceBin:
    """Best guesses of about one confidence, from `low` to `high`."""

    low: float
    high: float
    right: int
    wrong: int
    mean_confidence: float

    @property
    def accuracy(self) -> float:
        """Share of its guesses that are right, 0 to 1."""
        return Share(self.right, self.right + self.wrong).value


def bin_confidences(outcomes: Outcomes, bins: int = CONFIDENCE_BINS) -> list[ConfidenceBin]:
    """Sort the best guesses into bins of equal width by confidence; empty bins are kept."""
    sorted_in: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for outcome in outcomes:
        guess = outcome.best_guess
        index = min(int(guess.confidence * bins), bins - 1)
        sorted_in[index].append((guess.confidence, guess.label == outcome.message.label))
    return [
        ConfidenceBin(
            index / bins,
            (index + 1) / bins,
            right=sum(right for _, right in inside),
            wrong=sum(not right for _, right in inside),
            mean_confidence=sum(sure for sure, _ in inside) / len(inside) if inside else 0.0,
        )
        for index, inside in enumerate(sorted_in)
    ]


def calibration_error(bins: Iterable[ConfidenceBin]) -> float:
    """Mean distance of confidence and accuracy, weighted by messages (Guo et al. 2017, ECE)."""
    counted = [(one.right + one.wrong, abs(one.accuracy - one.mean_confidence)) for one in bins]
    total = sum(n for n, _ in counted)
    return sum(n * distance for n, distance in counted) / total if total else 0.0


@dataclass(frozen=True)
class RobustnessRow:
    """How many messages got their label, by the number of typing errors in each."""

    label: str
    right: tuple[Share, ...]

    @property
    def lost(self) -> float:
        """Recall lost from no error to the most errors, 0 to 1."""
        return self.right[0].value - self.right[-1].value


def tabulate_robustness(by_errors: Mapping[int, Outcomes]) -> list[RobustnessRow]:
    """Make one row for all messages (label `""`) and one a label, the most lost first."""
    columns = [by_errors[errors] for errors in sorted(by_errors)]
    total = RobustnessRow("", tuple(_count_right(outcomes) for outcomes in columns))
    grouped = [_by_label(outcomes) for outcomes in columns]
    rows = [
        RobustnessRow(label, tuple(_count_right(group[label]) for group in grouped))
        for label in grouped[0]
    ]
    return [total, *sorted(rows, key=lambda row: (-row.lost, row.label))]


def find_worst_mistakes(outcomes: Outcomes, shown: int) -> list[Outcome]:
    """Return the messages that were answered wrong without asking, the surest first."""
    wrong = [outcome for outcome in outcomes if outcome.fate is Fate.WRONG]
    return sorted(wrong, key=lambda one: (-one.confidence, one.message.place))[:shown]


@dataclass(frozen=True)
class QuestionTotals:
    """Figures of messages with several questions, each of all of them.

    Attributes:
        in_order: Every question got its label, in the order asked, and no other.
        split: Taken for several questions.
        some: At least one question got its label.
    """

    in_order: Share
    split: Share
    some: Share


def count_questions(outcomes: Outcomes) -> QuestionTotals:
    """Count how messages with several questions were taken."""
    total = len(outcomes)
    labels = [tuple(answer.label for answer in outcome.answers) for outcome in outcomes]
    wanted = [outcome.message.parts for outcome in outcomes]
    return QuestionTotals(
        in_order=Share(sum(map(tuple.__eq__, labels, wanted)), total),
        split=Share(sum(outcome.is_split for outcome in outcomes), total),
        some=Share(sum(bool({*a} & {*b}) for a, b in zip(labels, wanted, strict=True)), total),
    )


def _by_label(outcomes: Outcomes) -> dict[str, list[Outcome]]:
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[outcome.message.label].append(outcome)
    return dict(sorted(groups.items()))


def _count_right(outcomes: Outcomes) -> Share:
    return Share(sum(outcome.is_right for outcome in outcomes), len(outcomes))
