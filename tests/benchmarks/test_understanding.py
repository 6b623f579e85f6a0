import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.made_up_data import write_data
from tests.benchmarks.stock_understanding import StockUnderstanding
from tests.benchmarks.training import Training
from tests.benchmarks.understanding import main
from tests.benchmarks.understanding_report import FewExamples, Figures, list_aims, list_remarks
from tests.benchmarks.understanding_scores import InScope


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    data = tmp_path_factory.mktemp("data")
    write_data(data)
    path = data / "results" / "bench-nlu.json"
    assert main(["--quick", "--data", str(data), "--json", str(path)], os.environ) == 0
    document: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return document


@pytest.mark.model
def test_quick_run_puts_both_sets_through_the_shipped_pipeline(report: dict[str, Any]) -> None:
    plain, named = report["banking77_few"]

    assert (plain["with_label_name"], named["with_label_name"]) == (False, True)
    assert plain["accuracy"]["mean"] > 0.8
    assert report["banking77_full"]["accuracy"] > 0.8
    assert report["clinc150"]["in_scope"]["accuracy"] > 0.8
    assert report["clinc150"]["out_of_scope"]["messages"] == 2


@pytest.mark.model
def test_every_aim_is_said_to_be_met_or_not(report: dict[str, Any]) -> None:
    assert [aim["must_be"] for aim in report["aims"]] == [
        ">= 86 %",
        ">= 86 %",
        ">= 93.5 %",
        ">= 95.5 %",
        ">= 92 %",
        ">= 90 %",
    ]


@pytest.mark.model
def test_report_tells_what_it_was_measured_with_but_no_folder(report: dict[str, Any]) -> None:
    assert report["command"] == "python -m tests.benchmarks.understanding --quick"
    assert report["versions"]["scikit-learn"]
    assert str(Path.home()) not in json.dumps(report)
    assert "/tmp" not in json.dumps(report)


def test_missing_data_end_it_before_anything_is_trained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(tmp_path)], os.environ) == 2

    assert "banking77/train.csv: No such file" in "".join(capsys.readouterr().out.split("\n"))


def test_an_aim_is_about_the_mean_of_the_draws() -> None:
    aims = list(list_aims(Figures(few=(FewExamples(False, (counts(85), counts(88))),)), 10))

    assert [(aim.value, aim.met) for aim in aims] == [(86.5, True)]


def test_development_and_a_reused_stock_measurement_are_said() -> None:
    stock = StockUnderstanding(100, 60, Training(600.0, 900.0, "2026-01-02"), reused=True)
    figures = Figures(few=(FewExamples(False, (counts(85),), stock),))

    remarks = "\n".join(list_remarks(figures, {"dev": True, "seeds": [1]}))

    assert "Development" in remarks
    assert "measured on 2026-01-02" in remarks


def counts(right: int) -> InScope:
    return InScope(
        messages=100,
        best_right=right,
        answered_right=right,
        answered_wrong=100 - right,
        asked_right=0,
        asked_wrong=0,
        split=0,
        rejected=0,
    )
