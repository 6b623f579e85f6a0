"""`make bench`: measure, print the tables, write the JSON."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console

from bot.brain.model_folder import LIVE_MODEL, MODEL_SUFFIX, RECORD_SUFFIX
from bot.nlu.encoder import SentenceEncoder
from tests.benchmarks.machine import describe_machine, describe_versions
from tests.benchmarks.order_lookups import measure_order_look_ups
from tests.benchmarks.our_bot import SETTINGS, BrainShopper, GatewayShopper, OurBot, serve_our_bot
from tests.benchmarks.report import (
    BRAIN,
    GATEWAY,
    STOCK_ACTION,
    STOCK_UTTER,
    Figures,
    print_tables,
    to_json,
)
from tests.benchmarks.rounds import (
    Shopper,
    Tell,
    measure_long_conversation,
    measure_rounds,
)
from tests.benchmarks.scale import measure_scale
from tests.benchmarks.stock_bot import StockShopper, serve_stock_bots
from tests.benchmarks.stock_project import StockProject, Variant, is_current, prepare_projects
from tests.benchmarks.swap import link_model, measure_swap
from tests.benchmarks.training import train_ours

_ROOT = Path(__file__).resolve().parents[2]
_QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "TQDM_DISABLE": "1"}
_STOCK_NAMES = {Variant.ACTION: STOCK_ACTION, Variant.UTTER: STOCK_UTTER}


@dataclass(frozen=True)
class Scope:
    """How much is measured, and with which models; our model is trained if none is given."""

    rounds: int
    long_turns: int
    long_conversations: int
    stock: bool = True
    scale: bool = True
    orders: bool = True
    reuse_stock: bool = False
    model: Path | None = None


FULL = Scope(rounds=40, long_turns=500, long_conversations=6)
QUICK = Scope(
    rounds=2,
    long_turns=12,
    long_conversations=1,
    stock=False,
    scale=False,
    orders=False,
    model=_ROOT / LIVE_MODEL,
)


def main(arguments: list[str], environ: Mapping[str, str]) -> int:
    """Run the benchmark in the project's folder; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--json", type=Path, help="where to write the figures")
    parser.add_argument("--quick", action="store_true", help="few turns, no training, no stock")
    parser.add_argument("--model", type=Path, help="measure this model instead of training one")
    parser.add_argument(
        "--reuse-stock",
        action="store_true",
        help="take the newest stock models there are, even if the data have changed since",
    )
    given = parser.parse_args(arguments)
    scope = replace(QUICK if given.quick else FULL, reuse_stock=given.reuse_stock)
    if given.model:
        scope = replace(scope, model=given.model.absolute())
    console = Console()
    document: dict[str, Any] = {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "command": _tell_command(given),
        "machine": describe_machine(),
        "versions": describe_versions(),
        "settings": {**SETTINGS, "encoder_threads": _encoder_threads(), "brains": 1},
    }
    quiet = {**environ, **_QUIET}
    with console.status("Starting") as status:
        figures = measure(scope, quiet, tell=status.update)
        if scope.scale:
            with tempfile.TemporaryDirectory(prefix="bench-") as folder:
                scale = measure_scale(
                    _ROOT, Path(folder), quiet, rounds=scope.rounds, tell=status.update
                )
            figures = replace(figures, scale=scale)
        if scope.orders:
            with tempfile.TemporaryDirectory(prefix="bench-") as folder:
                look_ups = measure_order_look_ups(Path(folder), tell=status.update)
            figures = replace(figures, look_ups=look_ups)
    document |= to_json(figures)
    print_tables(document, console)
    if given.json:
        given.json.parent.mkdir(parents=True, exist_ok=True)
        given.json.write_text(json.dumps(document, indent=2) + "\n", "utf-8")
    return 0


def _tell_command(given: argparse.Namespace) -> str:
    """The command without the paths that it was given."""
    flags = ("quick", "model", "reuse_stock")
    chosen = [f"--{flag.replace('_', '-')}" for flag in flags if getattr(given, flag)]
    return " ".join(("python -m tests.benchmarks", *chosen))


def measure(scope: Scope, environ: Mapping[str, str], *, tell: Tell) -> Figures:
    """Take all figures of a scope."""
    projects: dict[Variant, StockProject] = {}
    training = check_ms = None
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, ExitStack() as stack:
        scratch = Path(folder)
        model = scope.model
        if model is None:
            tell("Training our model")
            training, model = train_ours(_ROOT, environ, scratch / "train.log")
            for file in (model, model.with_name(model.name.replace(MODEL_SUFFIX, RECORD_SUFFIX))):
                stack.callback(file.unlink)
        if scope.stock:
            tell("Training the stock models, unless there are some for these data")
            projects = prepare_projects(_ROOT, environ, reuse=scope.reuse_stock)
            check_ms = _measure_schema_check(environ)
        tell("Starting the servers")
        live = link_model(model, scratch / LIVE_MODEL.name)
        bot = stack.enter_context(serve_our_bot(_ROOT, scratch, environ, live))
        shoppers = _make_shoppers(bot, stack)
        if projects:
            ports = stack.enter_context(serve_stock_bots(scratch, environ, projects))
            shoppers |= _make_stock_shoppers(ports, stack)
        encoder = SentenceEncoder.load(_ROOT / "models/encoder", threads=_encoder_threads())
        rounds = measure_rounds(encoder, shoppers, rounds=scope.rounds, tell=tell)
        early, late = measure_long_conversation(
            _open_pair(bot, stack),
            length=scope.long_turns,
            conversations=scope.long_conversations,
            tell=tell,
        )
        tell("Another model goes live")
        swap_s = measure_swap(shoppers[GATEWAY], live, f"http://127.0.0.1:{bot.brain_port}/health")
    stock = projects.get(Variant.ACTION)
    return Figures(
        rounds=rounds,
        early_turns=early,
        late_turns=late,
        our_training=training,
        stock_training=stock.training if stock else None,
        stock_is_current=stock is None or is_current(_ROOT, stock),
        schema_check_ms=check_ms,
        swap_s=swap_s,
    )


def _make_shoppers(bot: OurBot, stack: ExitStack) -> dict[str, Shopper]:
    shoppers: dict[str, Shopper] = {GATEWAY: GatewayShopper(bot), BRAIN: BrainShopper(bot)}
    for shopper in shoppers.values():
        stack.callback(shopper.close)
    return shoppers


def _make_stock_shoppers(ports: Mapping[Variant, int], stack: ExitStack) -> dict[str, Shopper]:
    shoppers: dict[str, Shopper] = {
        _STOCK_NAMES[variant]: StockShopper(port) for variant, port in ports.items()
    }
    for shopper in shoppers.values():
        stack.callback(shopper.close)
    return shoppers


def _open_pair(bot: OurBot, stack: ExitStack) -> tuple[Shopper, Shopper]:
    pair = GatewayShopper(bot), GatewayShopper(bot)
    for shopper in pair:
        stack.callback(shopper.close)
    return pair


def _encoder_threads() -> int:
    """The number of threads that the served model gives the encoder."""
    config = yaml.safe_load((_ROOT / "config.yml").read_text("utf-8"))
    return next(int(step["threads"]) for step in config["pipeline"] if "threads" in step)


def _measure_schema_check(environ: Mapping[str, str]) -> float:
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.benchmarks.schema_check"],
        cwd=_ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
        text=True,
    )
    return float(result.stdout.splitlines()[-1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
