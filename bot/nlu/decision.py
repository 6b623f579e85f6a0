"""What is done with a verdict: act on it, ask whether it is meant, or say that it is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import ConfigurationError
from bot.nlu.intent_head import Verdict
from bot.nlu.labels import OUT_OF_SCOPE
from bot.nlu.rejection import Rejection

MAX_CHOICES = 3
_LEAST_SHARE = 0.04
"""Of the probability; a label less likely than this is no choice to offer."""


@dataclass(frozen=True)
class Decision:
    """What a message is taken for.

    Attributes:
        label: The label, `out_of_scope` if none is believed.
        confidence: Probability that the best label is right, 0 to 1.
        clarify: Labels to ask about, most likely first; empty when the label stands.
    """

    label: str
    confidence: float
    clarify: tuple[str, ...] = ()


@dataclass(frozen=True)
class DecisionRule:
    """Where answering ends and asking begins.

    Attributes:
        threshold: Confidence from which on the bot acts, 0 to 1.
        ask_from: Confidence from which on it asks whether a label of `ask_about` is meant.
        tie: A second label this many times as likely as the first makes two equally likely.
        ask_about: Labels that can be asked about; an entry `faq` stands for every article.
        harmless: Labels on which the bot acts from `ask_from` on: a wrong hello does no harm.
    """

    threshold: float
    ask_from: float
    tie: float = 0.7
    ask_about: frozenset[str] = frozenset()
    harmless: frozenset[str] = frozenset()

    @classmethod
    def of(cls, rejection: Rejection, config: Mapping[str, Any]) -> DecisionRule:
        """Make the rule of a trained head from a component's configuration.

        `answered` and `asked` are shares of the right answers to keep, `asked` the larger one.

        Raises:
            ConfigurationError: One of the numbers makes no sense.
        """
        check_settings(config)
        return cls(
            threshold=rejection.threshold(config["answered"]),
            ask_from=rejection.threshold(config["asked"]),
            tie=config["tie"],
            ask_about=frozenset(config["ask_about"]),
            harmless=frozenset(config["harmless"]),
        )

    def can_be_asked_about(self, label: str) -> bool:
        """Tell whether *did you mean* may offer this label."""
        return label.split("/", 1)[0] in self.ask_about

    def decide(self, verdict: Verdict) -> Decision:
        """Decide about one message."""
        best, *_ = (label for label in verdict.labels if label != OUT_OF_SCOPE)
        confidence = verdict.confidence
        if confidence < self.ask_from:
            return Decision(OUT_OF_SCOPE, confidence)
        if best in self.harmless:
            return Decision(best, confidence)
        choices = self._choices(verdict)
        if confidence >= self.threshold:
            return Decision(best, confidence, choices if self._is_tie(verdict, best) else ())
        if self.can_be_asked_about(best) and len(choices) > 1:
            return Decision(best, confidence, choices)
        return Decision(OUT_OF_SCOPE, confidence)

    def _choices(self, verdict: Verdict) -> tuple[str, ...]:
        likely = zip(verdict.labels, verdict.probabilities, strict=True)
        found = [label for label, p in likely if self.can_be_asked_about(label)]
        shares = dict(zip(verdict.labels, verdict.probabilities, strict=True))
        near = [label for label in found[2:] if shares[label] >= _LEAST_SHARE]
        return tuple([*found[:2], *near][:MAX_CHOICES])

    def _is_tie(self, verdict: Verdict, best: str) -> bool:
        shares = dict(zip(verdict.labels, verdict.probabilities, strict=True))
        others = [
            share
            for label, share in shares.items()
            if label != best and self.can_be_asked_about(label)
        ]
        is_close = bool(others) and float(max(others)) >= self.tie * float(shares[best])
        return self.can_be_asked_about(best) and is_close


def check_settings(config: Mapping[str, Any]) -> None:
    """Check what `DecisionRule.of` reads, which it can do only once a head is trained.

    Raises:
        ConfigurationError: One of the settings makes no sense.
    """
    for name in ("answered", "asked", "tie"):
        value = config[name]
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise ConfigurationError(f"config.yml: {name} is {value!r}; write 0 to 1")
    if config["answered"] > config["asked"]:
        raise ConfigurationError("config.yml: answered is above asked; lower it")
    for name in ("ask_about", "harmless"):
        value = config[name]
        if not isinstance(value, list) or not all(isinstance(label, str) for label in value):
            raise ConfigurationError(f"config.yml: {name} is {value!r}; list labels in [ ]")
