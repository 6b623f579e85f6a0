"""The report of an evaluation: one HTML page that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.evaluation import charts
from bot.evaluation.confusion_matrix import arrange_matrix
from bot.evaluation.evaluating import Evaluation
from bot.evaluation.measures import (
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
from bot.evaluation.model_file import LiveScores, ModelFile
from bot.evaluation.outcomes import Fate, Outcome
from bot.evaluation.scores import Scores
from bot.evaluation.shares import Share
from bot.nlu.labels import OUT_OF_SCOPE

_TEMPLATES: Final = Path(__file__).parent / "templates"
_SHOWN_MISTAKES: Final = 25
_HISTOGRAM_BINS: Final = 20


@dataclass(frozen=True)
class Report:
    """What the page is about.

    Attributes:
        live: Scores of the live model, if there are any.
        made_at: When the evaluation was made.
        command: The command that makes it again.
    """

    model: ModelFile
    evaluation: Evaluation
    live: LiveScores | None
    made_at: datetime
    command: str


@dataclass(frozen=True)
class Difference:
    """How one label fares with this model and with the live one."""

    label: str
    recall: Share
    live_recall: Share

    @property
    def gained(self) -> float:
        """Recall gained, -1 to 1."""
        return self.recall.value - self.live_recall.value


def render(report: Report) -> str:
    """Return the page. Texts and labels are data and stay text, whatever they hold."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(percent=_percent, points=_points, range=_range, breakable=_breakable)
    return environment.get_template("report.html.j2").render(_collect(report))


def compare(scores: Scores, live: Scores) -> list[Difference]:
    """Compare two models label by label, the greatest loss first.

    Labels of only one of the test sets are left out: nothing can be compared there.
    """
    differences = [
        Difference(label, Share(own.right, own.n), Share(other.right, other.n))
        for label, own in scores.labels.items()
        if (other := live.labels.get(label)) is not None and own.n and other.n
    ]
    return sorted(differences, key=lambda one: (one.gained, one.label))


def _collect(report: Report) -> dict[str, Any]:
    evaluation, clean = report.evaluation, report.evaluation.clean
    scores = evaluation.score(report.model.name)
    bins = bin_confidences(clean)
    confusions = find_confusions(clean)
    return {
        "report": report,
        "model": report.model,
        "message_set": evaluation.message_set,
        "totals": count_totals(clean),
        "questions": count_questions(evaluation.two_questions),
        "proofs": _count_proofs(evaluation),
        "bins": bins,
        "calibration_error": calibration_error(bins),
        "curve": trace_thresholds(clean),
        "shipped": place_shipped_rule(clean, report.model.threshold or 0.0),
        "rows": tabulate_labels(clean),
        "matrix": arrange_matrix(clean, confusions),
        "confusions": confusions,
        "robustness": tabulate_robustness(evaluation.outcomes),
        "typing_errors": sorted(evaluation.outcomes),
        "shown_mistakes": _SHOWN_MISTAKES,
        "mistakes": find_worst_mistakes(clean, _SHOWN_MISTAKES),
        "rejected": _select(clean, Fate.REJECTED),
        "let_through": [one for one in _select(clean, Fate.WRONG) if _is_outside(one)],
        "differences": _compare_with(report.live, scores),
        "live_counts": report.live.counts if report.live else {},
        "charts": _draw(evaluation, report.model.threshold),
        "out_of_scope": OUT_OF_SCOPE,
    }


def _count_proofs(evaluation: Evaluation) -> Share:
    outcomes = [*evaluation.clean, *evaluation.two_questions]
    return Share(sum(outcome.proofs_right for outcome in outcomes), len(outcomes))


def _select(outcomes: Sequence[Outcome], fate: Fate) -> list[Outcome]:
    selected = [outcome for outcome in outcomes if outcome.fate is fate]
    return sorted(selected, key=lambda one: (-one.best_guess.confidence, one.message.place))


def _compare_with(live: LiveScores | None, scores: Scores) -> list[Difference] | None:
    """Compare with the live model; None where its scores are missing or of another test set."""
    if live is None or live.scores.test_set_sha256 != scores.test_set_sha256:
        return None
    return compare(scores, live.scores)


def _draw(evaluation: Evaluation, threshold: float | None) -> dict[str, Markup]:
    clean = evaluation.clean
    points = trace_thresholds(clean)
    drawn = {
        "confidences": charts.draw_confidences(bin_confidences(clean, _HISTOGRAM_BINS), threshold),
        "reliability": charts.draw_reliability(bin_confidences(clean)),
        "thresholds": charts.draw_thresholds(points, threshold),
        "coverage": charts.draw_coverage(points, place_shipped_rule(clean, threshold or 0.0)),
    }
    # Pictures hold numbers and our own words only, never a text of the data.
    return {name: Markup(svg) for name, svg in drawn.items()}  # noqa: S704


def _percent(share: float, digits: int = 1) -> str:
    return f"{100 * share:.{digits}f}\N{NO-BREAK SPACE}%"


def _range(interval: tuple[float, float]) -> str:
    low, high = interval
    return f"{100 * low:.1f}–{_percent(high)}"


def _points(difference: float) -> str:
    """Percentage points with a true minus sign."""
    return f"{100 * difference:+.1f}".replace("-", "−") if difference else "0.0"


def _breakable(label: str) -> Markup:
    """Let a long label break after its slashes and underscores."""
    broken = str(escape(label)).replace("_", "_<wbr>").replace("/", "/<wbr>")
    return Markup(broken)  # noqa: S704 - escaped above


def _is_outside(outcome: Outcome) -> bool:
    return outcome.message.label == OUT_OF_SCOPE
