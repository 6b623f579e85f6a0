import re
from collections.abc import Callable

import pytest

from bot.evaluation import charts
from bot.evaluation.measures import bin_confidences, place_shipped_rule, trace_thresholds
from tests.evaluation.samples import evaluation

CLEAN = evaluation().clean
CURVE, BINS = trace_thresholds(CLEAN), bin_confidences(CLEAN)

Draw = Callable[[], str]
PICTURES: dict[str, Draw] = {
    "confidences": lambda: charts.draw_confidences(BINS, 0.5),
    "thresholds": lambda: charts.draw_thresholds(CURVE, 0.5),
    "coverage": lambda: charts.draw_coverage(CURVE, place_shipped_rule(CLEAN, 0.5)),
    "reliability": lambda: charts.draw_reliability(BINS),
}


@pytest.mark.parametrize("draw", PICTURES.values(), ids=PICTURES)
class TestEveryPicture:
    def test_it_scales_with_the_page(self, draw: Draw) -> None:
        svg = draw()
        opening = svg[: svg.index(">")]
        assert svg.startswith("<svg")
        assert svg.endswith("</svg>")
        assert "viewBox" in opening
        assert not re.search(r"\b(width|height)=", opening)

    def test_its_colours_are_those_of_the_page(self, draw: Draw) -> None:
        svg = draw()
        assert "var(--" in svg
        assert re.findall(r": *#[0-9a-fA-F]+", svg) == []

    def test_its_text_is_text_in_the_font_of_the_page(self, draw: Draw) -> None:
        svg = draw()
        assert "<text" in svg
        assert "DejaVu" not in svg

    def test_it_is_the_same_each_time(self, draw: Draw) -> None:
        assert draw() == draw()


def test_no_two_pictures_share_an_id() -> None:
    ids = [name for draw in PICTURES.values() for name in re.findall(r'\bid="([^"]+)"', draw())]
    assert len(ids) == len(set(ids))


def test_the_threshold_is_marked_where_there_is_one() -> None:
    assert "threshold 50%" in charts.draw_thresholds(CURVE, 0.5)
    assert "threshold 50%" not in charts.draw_thresholds(CURVE, None)


def test_a_model_that_answers_nothing_can_be_drawn() -> None:
    nothing = trace_thresholds([])
    assert charts.draw_coverage(nothing, place_shipped_rule([], 0.5))
    assert charts.draw_reliability(bin_confidences([]))
