import asyncio
import json

import pytest

from bot.errors import WorkFailed
from bot.evaluation.evaluating import count_messages, evaluate, to_json
from bot.evaluation.scores import LabelScore, Scores
from bot.evaluation.summary import summarise
from tests.evaluation.samples import Understood, evaluation, know_by_rote, message_set


def test_each_message_is_understood_as_typed_and_with_errors() -> None:
    asked: list[str] = []

    async def remember(text: str) -> Understood:
        asked.append(text)
        return await know_by_rote(text)

    steps: list[None] = []
    found = message_set()
    asyncio.run(evaluate(found, remember, advance=lambda: steps.append(None)))
    assert len(asked) == len(steps) == count_messages(found)
    as_typed = [one.text for one in found.messages]
    assert asked[: len(as_typed)] == as_typed
    assert set(asked[len(as_typed) : -len(found.two_questions)]).isdisjoint(as_typed)


def test_the_same_model_and_seed_give_the_same_scores_to_the_byte() -> None:
    once, again = (json.dumps(to_json(one.score("m"), one)) for one in (evaluation(), evaluation()))
    assert once == again


def test_the_scores_can_be_read_back_with_the_counts_beside_them() -> None:
    result = evaluation()
    values = json.loads(json.dumps(to_json(result.score("a model"), result)))
    scores = Scores.from_json(values)
    assert scores == result.score("a model")
    assert (scores.model, scores.right, scores.n) == ("a model", 4, 9)
    assert scores.labels["out_of_scope"] == LabelScore(n=2, right=1, given=2)
    assert values["counts"] == {
        "messages": 9,
        "right": 4,
        "answered_wrong": 3,
        "asked": 1,
        "rejected": 1,
        "caught": 1,
        "right_by_typing_errors": [4, 2, 2],
    }


def test_a_model_that_fails_is_one_line_naming_the_message() -> None:
    async def fail(text: str) -> Understood:
        if "tune" in text:
            raise ValueError("no such feature")
        return await know_by_rote(text)

    with pytest.raises(WorkFailed) as failed:
        asyncio.run(evaluate(message_set(), fail))
    assert "made_up.yml:10: the model failed on 'sing me a tune'" in str(failed.value)
    assert "ValueError: no such feature" in str(failed.value)


def test_the_summary_gives_each_figure_with_its_count() -> None:
    lines = summarise(evaluation())
    assert lines[0].split(maxsplit=5) == ["44.4", "%", "4", "of", "9", "right label"]
    assert any("2 of 9    with 1 typing error in each" in line for line in lines)
    assert any("3 of 9  answered wrong without asking" in line for line in lines)
    assert any("weakest: faq/do_you_gift_wrap" in line for line in lines)
