"""A small test set with made-up messages, and models that answer by rote."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.evaluation.evaluating import Evaluation, evaluate
from bot.evaluation.model_file import LiveScores, ModelFile
from bot.evaluation.outcomes import Outcome, judge
from bot.evaluation.report import Report
from bot.evaluation.test_set import LabelledMessage, MessageSet
from bot.faq.problems import Place

PATH = Path("tests/understanding/made_up.yml")
ARTICLE = "faq/do_you_gift_wrap"
MARKUP = '<script>alert("x")</script> & <b>bold</b>'

Understood = dict[str, Any]


def message(text: str, label: str, *parts: str, line: int = 1, **proofs: str) -> LabelledMessage:
    return LabelledMessage(text, label, Place(PATH, line), frozenset(proofs.items()), parts)


def understood(label: str, confidence: float = 0.9, **others: Any) -> Understood:
    """What `load_understanding` returns, with `label` first in the ranking."""
    rest = {"intent": "greet", "confidence": round(1 - confidence, 6)}
    return {
        "intent": label,
        "confidence": confidence,
        "entities": [],
        "ranking": [{"intent": label, "confidence": confidence}, rest],
        **others,
    }


def turned_away(best: str, confidence: float) -> Understood:
    """A message whose best guess was not sure enough."""
    return {**understood(best, confidence), "intent": "out_of_scope"}


def judged(
    label: str, meaning: Mapping[str, Any], text: str = "some text", line: int = 1
) -> Outcome:
    return judge(message(text, label, line=line), meaning)


ANSWERS: Mapping[str, tuple[LabelledMessage, Understood]] = {
    one.text: (one, meaning)
    for one, meaning in (
        (message("wrap it as a gift", ARTICLE, line=3), understood(ARTICLE, 0.97)),
        (message("ribbon and paper for my aunt", ARTICLE, line=4), turned_away(ARTICLE, 0.42)),
        (message("is a bow possible", ARTICLE, line=5), understood("help", 0.71)),
        (message("hullo hullo", "greet", line=6), understood("greet", 0.99)),
        (message(MARKUP, "greet", line=7), understood("cancel_order", 0.93)),
        (message("drop my purchase", "cancel_order", line=8), understood("cancel_order", 0.88)),
        (
            message("scrap it or rather tell me where", "cancel_order", line=9),
            understood("order_status", 0.48, clarify=["order_status", "cancel_order"]),
        ),
        (message("sing me a tune", "out_of_scope", line=10), turned_away("greet", 0.3)),
        (message("do you hire pilots", "out_of_scope", line=11), understood(ARTICLE, 0.8)),
    )
}
TWO_QUESTIONS: Mapping[str, tuple[LabelledMessage, Understood]] = {
    one.text: (one, meaning)
    for one, meaning in (
        (
            message("hey, and call it off", "greet", "greet", "cancel_order", line=14),
            understood("greet", parts=[understood("greet"), understood("cancel_order")]),
        ),
        (
            message("call it off and wrap the other", "cancel_order", "cancel_order", ARTICLE),
            understood("cancel_order"),
        ),
    )
}


async def know_by_rote(text: str) -> Understood:
    """Understand the texts above, and nothing with a typing error in it."""
    known = ANSWERS.get(text) or TWO_QUESTIONS.get(text)
    return known[1] if known else turned_away("help", 0.2)


def message_set(warnings: Sequence[str] = ()) -> MessageSet:
    return MessageSet(
        PATH,
        tuple(one for one, _ in ANSWERS.values()),
        tuple(one for one, _ in TWO_QUESTIONS.values()),
        "5e7" * 21 + "0",
        tuple(warnings),
    )


def evaluation(warnings: Sequence[str] = ()) -> Evaluation:
    return asyncio.run(evaluate(message_set(warnings), know_by_rote))


def report(live: LiveScores | None = None, warnings: Sequence[str] = ()) -> Report:
    model = ModelFile(
        Path("models/candidates/20261124-120000.tar.gz"),
        sha256="ab" * 32,
        model_id="0123456789",
        trained_at="2026-11-24T12:00:00",
        rasa_version="3.6.21",
        threshold=0.5,
        record={"data_sha256": "cd" * 32},
    )
    made_at = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
    return Report(model, evaluation(warnings), live, made_at, "bot evaluate --out 'my folder'")
