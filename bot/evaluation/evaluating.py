"""Puts every message of a test set through a model, as typed and with typing errors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.errors import WorkFailed
from bot.evaluation.measures import count_totals, tabulate_robustness
from bot.evaluation.outcomes import Outcome, judge
from bot.evaluation.scores import Scores, count_scores
from bot.evaluation.test_set import LabelledMessage, MessageSet
from bot.nlu.typing_errors import add_typing_errors

TYPING_ERRORS: Final = (1, 2)
SEED: Final = 7

Understand = Callable[[str], Awaitable[Mapping[str, Any]]]


@dataclass(frozen=True)
class Evaluation:
    """What a model made of a test set.

    Attributes:
        outcomes: Of the messages with one question, by the number of typing errors put into each;
            0 is the message as it stands in the test set.
        two_questions: Of the messages with several questions, as they stand.
    """

    message_set: MessageSet
    outcomes: Mapping[int, Sequence[Outcome]]
    two_questions: Sequence[Outcome]

    @property
    def clean(self) -> Sequence[Outcome]:
        """Outcomes of the messages as they stand."""
        return self.outcomes[0]

    def score(self, model: str) -> Scores:
        """Count by label, for the gate and for comparing models."""
        return count_scores(
            ((outcome.message.label, outcome.given) for outcome in self.clean),
            model=model,
            test_set_sha256=self.message_set.sha256,
        )


async def evaluate(
    message_set: MessageSet,
    understand: Understand,
    *,
    seed: int = SEED,
    advance: Callable[[], object] = lambda: None,
) -> Evaluation:
    """Let a model understand every message, and judge what it made of them.

    Args:
        message_set: The test set.
        understand: The model: from a text to what `load_understanding` returns.
        seed: Decides which typing errors are made.
        advance: Called after each message, `count_messages` times in all.

    Raises:
        WorkFailed: The model failed on a message, which is named.
    """

    async def judge_all(messages: Sequence[LabelledMessage], errors: int) -> list[Outcome]:
        outcomes = []
        for message in messages:
            text = add_typing_errors(message.text, errors, seed=seed)
            outcomes.append(judge(message, await _understand(understand, text, message)))
            advance()
        return outcomes

    return Evaluation(
        message_set,
        {errors: await judge_all(message_set.messages, errors) for errors in (0, *TYPING_ERRORS)},
        await judge_all(message_set.two_questions, 0),
    )


def count_messages(message_set: MessageSet) -> int:
    """Return how many texts `evaluate` has understood."""
    return len(message_set.messages) * (1 + len(TYPING_ERRORS)) + len(message_set.two_questions)


def to_json(scores: Scores, evaluation: Evaluation) -> dict[str, Any]:
    """Return the scores with the other counts beside them; `Scores.from_json` reads them back.

    Nothing in it depends on when or where it was counted.
    """
    totals = count_totals(evaluation.clean)
    everything = tabulate_robustness(evaluation.outcomes)[0]
    return {
        **scores.to_json(),
        "counts": {
            "messages": totals.right.of,
            "right": totals.right.count,
            "answered_wrong": totals.answered_wrong.count,
            "asked": totals.asked.count,
            "rejected": totals.rejected.count,
            "caught": totals.caught.count,
            "right_by_typing_errors": [share.count for share in everything.right],
        },
    }


async def _understand(
    understand: Understand, text: str, message: LabelledMessage
) -> Mapping[str, Any]:
    try:
        return await understand(text)
    except Exception as error:
        raise WorkFailed(
            f"{message.place}: the model failed on {text!r} ({type(error).__name__}: {error}); "
            "train again, and if that does not help, look at the newest change to config.yml"
        ) from error
