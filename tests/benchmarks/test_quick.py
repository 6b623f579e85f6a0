import json
import os
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import main

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def report(trained_model: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("bench") / "bench.json"
    main(["--quick", "--model", str(trained_model), "--json", str(path)], os.environ)
    return path.read_text("utf-8")


def test_quick_run_measures_every_kind_of_turn_and_gets_right_answers(report: str) -> None:
    figures = json.loads(report)["figures"]

    assert len([name for name in figures if name.endswith(" turn")]) == 6
    assert all(figure["wrong"] == 0 for figure in figures.values())


def test_quick_run_compares_what_it_measured_with_the_budgets(report: str) -> None:
    budgets = json.loads(report)["budgets"]

    assert [budget["name"] for budget in budgets] == [
        "answer turn / encoder's forward pass",
        "turn 500 of a conversation / turn 5",
        "longest turn during a promotion",
    ]


def test_report_names_no_folder_of_this_machine(report: str) -> None:
    assert str(Path.home()) not in report
    assert str(Path.cwd()) not in report
