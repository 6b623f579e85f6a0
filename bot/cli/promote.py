"""`bot promote` and `bot rollback`: which model is live."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console

from bot.brain.model_folder import NEWEST, ModelFolder
from bot.brain.rasa_environment import prepare_rasa
from bot.cli.evaluate import read_unseen_messages
from bot.cli.project import find_project
from bot.evaluation.frozen_set import FrozenSet
from bot.evaluation.gate import DEFAULT_MARGIN, Rules
from bot.evaluation.promotion import Decision, PromotionRefused, Promotions
from bot.evaluation.scores import LabelScore
from bot.evaluation.test_set import TEST_SET


def promote(
    model: Annotated[
        str, typer.Argument(help="Id of a candidate; the newest if left out.")
    ] = NEWEST,
    margin: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Recall that a label may lose.")
    ] = DEFAULT_MARGIN,
    without: Annotated[
        list[str] | None, typer.Option(help="A label that was removed on purpose; repeatable.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why, for the record.")] = "",
    report_only: Annotated[
        bool, typer.Option("--report-only", help="Compare, and change nothing.")
    ] = False,
) -> None:
    """Make a candidate the live model, unless it is worse than the one that is live.

    Refused (exit code 1): a label loses more recall than the margin, fewer messages are understood
    in all, a label is missing, or the model cannot be served.
    """
    files = ModelFolder(find_project())
    name = files.resolve(model)
    rules = Rules(margin, frozenset(without or ()))
    put_before_gate(files, name, rules, reason=reason, report_only=report_only)


def rollback(
    to: Annotated[str | None, typer.Option(help="Id of a model that was live before.")] = None,
    reason: Annotated[str, typer.Option(help="Why, for the record.")] = "",
) -> None:
    """Make the model live again that was live before; again goes one further back."""
    files = ModelFolder(find_project())
    entry = Promotions(files, clock=_now).roll_back(to, reason=reason)
    print(f"live    {entry.model} (before: {entry.previous}); a running bot takes it up in seconds")


def put_before_gate(
    files: ModelFolder, name: str, rules: Rules, *, reason: str, report_only: bool = False
) -> None:
    """Compare a candidate with the live model, and make it live if it passes.

    Raises:
        PromotionRefused: It does not pass.
    """
    if name == files.live_id():
        print(f"live    {name} already")
        return
    promotions = Promotions(files, clock=_now)
    with Console(stderr=True).status(f"Checking {name}") as status:
        prepare_rasa()
        from bot.brain.bootstrap import check_model

        evaluator = FrozenSet(
            files.project_dir,
            lambda: read_unseen_messages(files.project_dir, TEST_SET),
            status.update,
        )
        decision = promotions.judge(name, rules, check=check_model, evaluator=evaluator)
    if not report_only:
        promotions.promote(decision, rules, reason=reason)
    elif decision.refusals:
        raise PromotionRefused(f"{name} would be refused: {'; '.join(decision.refusals)}")
    print("\n".join(_tell(decision, "passes" if report_only else "live")))


def _tell(decision: Decision, outcome: str) -> Iterator[str]:
    before = f" (before: {decision.previous})" if decision.previous else ""
    yield f"{outcome:<7} {decision.model}{before}"
    for remark in decision.remarks:
        yield f"        {remark}"
    if decision.previous and outcome == "live":
        yield "        a running bot takes it up in seconds"
    old, new = decision.previous_scores, decision.scores
    if old is None or new is None:
        return
    yield f"        {_compare('total', old.right, new.right, new.n)}"
    for label, score in sorted(new.labels.items()):
        was = old.labels.get(label, LabelScore(score.n, 0, 0))
        if was.right != score.right:
            yield f"        {_compare(label, was.right, score.right, score.n)}"


def _compare(name: str, before: int, after: int, messages: int) -> str:
    share = f"{before / messages:.1%} -> {after / messages:.1%}"
    return f"{name}: {share} ({before} -> {after} of {messages} messages)"


def _now() -> datetime:
    return datetime.now(UTC)
