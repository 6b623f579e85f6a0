"""Promoting a candidate through the gate, and going back to a model that was live before."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.brain.durable_files import write_durably
from bot.brain.model_folder import LIVE, ModelFolder
from bot.errors import BotError, ConfigurationError, WorkFailed
from bot.evaluation.gate import Rules, find_losses, find_missing_labels
from bot.evaluation.ledger import Entry, current_user
from bot.evaluation.live_switch import LiveSwitch
from bot.evaluation.scores import Scores

Check = Callable[[Path], None]
"""Raises a BotError when a model cannot be served: it does not load, or misses its canary."""


class Evaluator(Protocol):
    """Scores models on the frozen test set."""

    @property
    def test_set_sha256(self) -> str:
        """Hash of the test set that the scores will belong to."""
        ...

    def evaluate(self, model: Path, name: str) -> Scores:
        """Score the model in a file under this name; raises BotError if it cannot be loaded."""
        ...


class PromotionRefused(WorkFailed):
    """The gate did not let a candidate through; the message is every reason, in one line."""


@dataclass(frozen=True)
class Decision:
    """What the gate found, and the scores behind it.

    Attributes:
        model: Id of the candidate.
        previous: Id of the model that was live meanwhile.
        refusals: Why the candidate may not go live; empty if it may.
        remarks: What could not be compared, and why.
        scores: The candidate's scores, if they were looked at.
        previous_scores: The live model's, on the same test set.
    """

    model: str
    previous: str | None
    refusals: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    scores: Scores | None = None
    previous_scores: Scores | None = None


class Promotions:
    """Decides which of a project's models is live."""

    def __init__(self, files: ModelFolder, *, clock: Callable[[], datetime]) -> None:
        self._files = files
        self._switch = LiveSwitch(files)
        self._clock = clock

    def judge(self, name: str, rules: Rules, *, check: Check, evaluator: Evaluator) -> Decision:
        """Put a candidate before the gate; changes nothing but stores scores that were missing.

        Scores are taken from their files if these belong to the same test set, else the models are
        evaluated now.
        """
        live = self._files.live_id()
        try:
            self._files.check_unchanged(name)
            check(self._files.model(name))
        except BotError as error:
            return Decision(name, live, refusals=(str(error),))
        if live is None:
            return Decision(name, live, remarks=("there was no live model to compare with",))
        scores = self._score(name, evaluator)
        try:
            before = self._score(live, evaluator)
        except ConfigurationError as error:
            remark = f"the live model cannot be compared with: {error}"
            return Decision(name, live, remarks=(remark,), scores=scores)
        refusals = [*self._find_missing_labels(name, live, rules)]
        refusals += find_losses(scores, before, rules)
        return Decision(name, live, tuple(refusals), (), scores, before)

    def promote(self, decision: Decision, rules: Rules, *, reason: str) -> None:
        """Make a candidate live, or record that it was refused.

        Raises:
            PromotionRefused: The gate did not let it through.
            WorkFailed: Another promotion came first, or a file could not be written.
        """
        entry = self._describe(decision, rules, reason)
        with self._switch.held():
            if decision.refusals:
                self._switch.record(entry)
                raise PromotionRefused(f"{decision.model} refused: {'; '.join(decision.refusals)}")
            if (live := self._files.live_id()) != decision.previous:
                raise WorkFailed(
                    f"{decision.model} was compared with {decision.previous}, but {live} is live "
                    "by now: somebody else was faster; promote again"
                )
            self._switch.change(entry)

    def roll_back(self, to: str | None, *, reason: str) -> Entry:
        """Make the model live again that was live before, or `to`.

        Raises:
            ConfigurationError: There is none, or its file is not kept any more.
            WorkFailed: Its file was changed, or could not be laid in its place.
        """
        with self._switch.held():
            live = self._files.live_id()
            target = self._choose(to, live)
            record = self._files.find_record(target)
            entry = Entry(
                at=self._clock(),
                outcome="rolled back",
                model=target,
                previous=live,
                by=current_user(),
                reason=reason,
                data_sha256=record.data_sha256 if record else None,
            )
            self._switch.change(entry)
        return entry

    def _choose(self, to: str | None, live: str | None) -> str:
        history = [name for name in self._switch.history() if name != live]
        kept = self._files.kept_ids() - {live}
        if to is None:
            if not history:
                raise ConfigurationError(
                    "no model was live before this one, so there is nothing to go back to"
                )
            to = history[-1]
        elif to == live:
            raise ConfigurationError(f"{to} is the live model already")
        if to not in kept:
            those = ", ".join(sorted(kept, reverse=True)) or "none"
            raise ConfigurationError(f"{to}: not kept in {LIVE}; to go back to there are: {those}")
        return to

    def _score(self, name: str, evaluator: Evaluator) -> Scores:
        test_set = evaluator.test_set_sha256
        for path in self._files.scores(name):
            stored = read_scores(path)
            if stored and (stored.model, stored.test_set_sha256) == (name, test_set):
                return stored
        scores = evaluator.evaluate(self._files.model(name), name)
        target = self._files.scores(name)[0]
        target.parent.mkdir(parents=True, exist_ok=True)
        write_durably(target, json.dumps(scores.to_json(), indent=2).encode() + b"\n")
        return scores

    def _find_missing_labels(self, name: str, live: str, rules: Rules) -> list[str]:
        before = self._files.find_record(live)
        if before is None:
            return []
        return find_missing_labels(self._files.record(name).labels, before.labels, rules)

    def _describe(self, decision: Decision, rules: Rules, reason: str) -> Entry:
        record = self._files.find_record(decision.model)
        before, after = decision.previous_scores, decision.scores
        return Entry(
            at=self._clock(),
            outcome="refused" if decision.refusals else "promoted",
            model=decision.model,
            previous=decision.previous,
            by=current_user(),
            reason=reason,
            remarks=(*decision.refusals, *decision.remarks),
            margin=rules.margin,
            data_sha256=record.data_sha256 if record else None,
            scores=after.to_json() if after else None,
            previous_scores=before.to_json() if before else None,
        )


def read_scores(path: Path) -> Scores | None:
    """Read scores that an evaluation stored, or None where there are none or they are damaged."""
    try:
        return Scores.from_json(json.loads(path.read_bytes()))
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None
