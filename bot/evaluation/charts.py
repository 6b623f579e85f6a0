"""Pictures of the report as SVG elements that take their colours from the page around them."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Final

import matplotlib
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from bot.evaluation.measures import ConfidenceBin, CurvePoint

# Matplotlib knows no CSS variables: it draws with these stand-ins, and `_to_svg` puts the
# variables in their place, so that one picture suits light and dark pages alike.
_INK, _QUIET, _LINE = "#010101", "#020202", "#030303"
_RIGHT, _WRONG, _MARK, _SURFACE = "#040404", "#050505", "#060606", "#070707"
_VARIABLES: Final = {
    _INK: "var(--ink)",
    _QUIET: "var(--quiet)",
    _LINE: "var(--line)",
    _RIGHT: "var(--right)",
    _WRONG: "var(--wrong)",
    _MARK: "var(--mark)",
    _SURFACE: "var(--surface)",
}
_SIZE_INCHES: Final = (4.8, 3.4)  # 346 points wide: text stays readable on a phone
_STYLE: Final = {
    "svg.fonttype": "none",  # text stays text: small, selectable, in the page's own font
    "font.size": 10.5,
    "text.color": _INK,
    "axes.edgecolor": _LINE,
    "axes.labelcolor": _QUIET,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": _LINE,
    "grid.linewidth": 0.6,
    "xtick.color": _LINE,
    "ytick.color": _LINE,
    "xtick.labelcolor": _QUIET,
    "ytick.labelcolor": _QUIET,
    "legend.frameon": False,
    "lines.linewidth": 2.0,
    "hatch.linewidth": 0.8,
}


def draw_confidences(bins: Sequence[ConfidenceBin], threshold: float | None) -> str:
    """Draw how sure the model is, of right and of wrong best guesses, as `<svg>`.

    Each has a scale of its own: the few wrong ones would vanish beside the right ones.
    """
    with matplotlib.rc_context(_STYLE):
        figure = Figure(figsize=_SIZE_INCHES, layout="constrained")
        upper, lower = figure.subplots(2, sharex=True)
    width = bins[0].high - bins[0].low
    centres = [(one.low + one.high) / 2 for one in bins]
    for axes, name, colour, hatch, counts in (
        (upper, "right", _RIGHT, "", [one.right for one in bins]),
        (lower, "wrong", _WRONG, "////", [one.wrong for one in bins]),
    ):
        axes.bar(centres, counts, width, color=colour, edgecolor=_SURFACE, hatch=hatch)
        axes.set(ylabel=f"{name} guesses", xlim=(0, 1))
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        _mark_threshold(axes, threshold)
    _name_shares(lower.xaxis, "confidence of the best guess")
    _add_legend(figure, lower)
    return _to_svg(figure, "confidences")


def draw_thresholds(points: Sequence[CurvePoint], threshold: float | None) -> str:
    """Draw coverage, precision and wrong answers over the threshold, as `<svg>`."""
    figure, axes = _new_figure()
    thresholds = [point.threshold for point in points]
    for values, colour, dashes, label in (
        ([point.precision for point in points], _RIGHT, "-", "precision"),
        ([point.coverage for point in points], _INK, (0, (5, 2)), "coverage"),
        ([point.wrong for point in points], _WRONG, (0, (1, 1)), "answered wrong"),
    ):
        axes.plot(thresholds, values, color=colour, linestyle=dashes, label=label)
    _mark_threshold(axes, threshold)
    axes.set(xlim=(0, 1), ylim=(0, 1.02))
    _name_shares(axes.xaxis, "threshold")
    _name_shares(axes.yaxis, "share")
    _add_legend(figure, axes)
    return _to_svg(figure, "thresholds")


def draw_coverage(points: Sequence[CurvePoint], shipped: CurvePoint) -> str:
    """Draw precision over coverage with the model's own rule marked, as `<svg>`."""
    figure, axes = _new_figure()
    shown = [point for point in points if point.coverage > 0]
    axes.plot(
        [point.coverage for point in shown],
        [point.precision for point in shown],
        color=_RIGHT,
        label="any threshold",
    )
    axes.plot(
        shipped.coverage,
        shipped.precision,
        "o",
        color=_MARK,
        markersize=8,
        label="this model's rule",
    )
    lowest = min([shipped.precision, *(point.precision for point in shown)])
    axes.set(xlim=(0, 1.02), ylim=(max(0, lowest - 0.05), 1.01))
    _name_shares(axes.xaxis, "coverage")
    _name_shares(axes.yaxis, "precision")
    _add_legend(figure, axes)
    return _to_svg(figure, "coverage")


def draw_reliability(bins: Sequence[ConfidenceBin]) -> str:
    """Draw how often the model is right where it is about so sure, as `<svg>`."""
    figure, axes = _new_figure()
    filled = [one for one in bins if one.right + one.wrong]
    largest = max((one.right + one.wrong for one in filled), default=1)
    axes.plot([0, 1], [0, 1], color=_QUIET, linestyle=(0, (4, 3)), linewidth=1, label="ideal")
    axes.plot(
        [one.mean_confidence for one in filled],
        [one.accuracy for one in filled],
        color=_RIGHT,
        linewidth=1.2,
    )
    axes.scatter(
        [one.mean_confidence for one in filled],
        [one.accuracy for one in filled],
        s=[20 + 160 * (one.right + one.wrong) / largest for one in filled],
        color=_RIGHT,
        edgecolor=_SURFACE,
        zorder=3,
        label="this model (area: messages)",
    )
    axes.set(xlim=(0, 1.02), ylim=(0, 1.04))
    _name_shares(axes.xaxis, "confidence")
    _name_shares(axes.yaxis, "share right")
    _add_legend(figure, axes)
    return _to_svg(figure, "reliability")


def _new_figure() -> tuple[Figure, Axes]:
    with matplotlib.rc_context(_STYLE):
        figure = Figure(figsize=_SIZE_INCHES, layout="constrained")
        return figure, figure.add_subplot()


def _name_shares(axis: Axis, name: str) -> None:
    axis.set_label_text(name)
    axis.set_major_formatter(PercentFormatter(1, decimals=0))
    axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))


def _mark_threshold(axes: Axes, threshold: float | None) -> None:
    if threshold is not None:
        label = f"threshold {threshold:.0%}"
        axes.axvline(threshold, color=_MARK, linewidth=1.5, label=label)


def _add_legend(figure: Figure, axes: Axes) -> None:
    with matplotlib.rc_context(_STYLE):
        figure.legend(*axes.get_legend_handles_labels(), loc="outside upper left", ncols=2)


def _to_svg(figure: Figure, name: str) -> str:
    """Return the figure as one element for use inside a page; its ids start with the name."""
    buffer = io.StringIO()
    with matplotlib.rc_context({**_STYLE, "svg.hashsalt": name}):
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*"| height="[^"]*"(?=[^>]*viewBox)', r"\1", svg)
    svg = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{name}-", svg)
    svg = re.sub(r"font-family: [^;\"]*|(font: [\d.]+px) [^;\"]*", r"\1", svg)
    for colour, variable in _VARIABLES.items():
        svg = svg.replace(colour, variable)
    return svg.strip()
