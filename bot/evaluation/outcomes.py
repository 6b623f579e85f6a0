"""What the bot would do with one test message, and whether that is right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from bot.evaluation.test_set import LabelledMessage, find_proofs
from bot.nlu.labels import OUT_OF_SCOPE

ARTICLE_PREFIX: Final = "faq/"
ORDER_LABELS: Final = frozenset(
    {"order_status", "order_details", "cancel_order", "contact_seller", "wrong_item"}
    | {"human_handoff"}
)


class Fate(StrEnum):
    """What the shopper gets."""

    RIGHT = "answered right"
    WRONG = "answered wrong"
    ASKED_WELL = "asked, with the right choice"
    ASKED_BADLY = "asked, without the right choice"
    REJECTED = "turned away, though covered"
    CAUGHT = "turned away, as it should be"


@dataclass(frozen=True)
class Guess:
    """A label and how sure the model is of it, 0 to 1."""

    label: str
    confidence: float


@dataclass(frozen=True)
class Answer:
    """What one question of a message is taken for: a label, or a choice of labels to ask about."""

    label: str
    choices: tuple[str, ...] = ()

    @property
    def is_given(self) -> bool:
        """Whether the bot acts on the label: it neither asks nor turns the message away."""
        return not self.choices and self.label != OUT_OF_SCOPE


@dataclass(frozen=True)
class Outcome:
    """A message and what the model made of it.

    Attributes:
        given: The label of the whole message, `out_of_scope` where the model turned it away.
        confidence: How sure the model says it is of `given`, 0 to 1.
        ranking: Its best guesses, the best first.
        answers: One for each question that the bot finds in the message.
        fate: What the shopper gets.
        proofs_right: Whether exactly its order numbers and e-mail addresses were read.
    """

    message: LabelledMessage
    given: str
    confidence: float
    ranking: tuple[Guess, ...]
    answers: tuple[Answer, ...]
    fate: Fate
    proofs_right: bool

    @property
    def is_right(self) -> bool:
        """Whether the message got its label."""
        return self.given == self.message.label

    @property
    def best_guess(self) -> Guess:
        """The label before any rule turned the message away, and its confidence."""
        if self.given == OUT_OF_SCOPE and self.ranking:
            return self.ranking[0]
        return Guess(self.given, self.confidence)

    @property
    def is_split(self) -> bool:
        """Whether the bot takes the message for several questions."""
        return len(self.answers) > 1

    @property
    def wrong_answers(self) -> tuple[str, ...]:
        """The labels that the bot acts on though nobody asked for them."""
        wanted = self.message.parts or (self.message.label,)
        return tuple(one.label for one in self.answers if one.is_given and one.label not in wanted)


def judge(message: LabelledMessage, understood: Mapping[str, Any]) -> Outcome:
    """Compare what the model understood, as `load_understanding` returns it, with what is right."""
    parts = understood.get("parts") or ()
    answers = tuple(_read_answer(one) for one in parts) or (_read_answer(understood),)
    return Outcome(
        message,
        understood["intent"],
        understood["confidence"],
        tuple(Guess(one["intent"], one["confidence"]) for one in understood["ranking"]),
        answers,
        _tell_fate(message, answers),
        find_proofs(understood["entities"]) == message.proofs,
    )


def acts_on_orders_or_articles(label: str) -> bool:
    """Tell whether a label leads to an article, an order or a person, and not to small talk."""
    return label.startswith(ARTICLE_PREFIX) or label in ORDER_LABELS


def _read_answer(understood: Mapping[str, Any]) -> Answer:
    choices = understood.get("clarify") or ()
    return Answer(understood["intent"], tuple(choices) if len(choices) > 1 else ())


def _tell_fate(message: LabelledMessage, answers: Iterable[Answer]) -> Fate:
    wanted = message.parts or (message.label,)
    given = [answer for answer in answers if answer.is_given]
    if any(answer.label not in wanted for answer in given):
        return Fate.WRONG
    if given:
        return Fate.RIGHT
    choices = {choice for answer in answers for choice in answer.choices}
    if choices:
        return Fate.ASKED_WELL if choices & {*wanted} else Fate.ASKED_BADLY
    return Fate.CAUGHT if OUT_OF_SCOPE in wanted else Fate.REJECTED
