from pathlib import Path

import pytest

from bot.errors import WorkFailed
from bot.evaluation.overlap import SHOWN, find_overlaps, refuse_overlaps
from bot.evaluation.training_texts import TrainingText
from bot.faq.problems import Place
from tests.evaluation.samples import message

LONG = "could you please wrap the two mugs as a gift for my aunt"
MESSAGES = [message("hullo there", "greet", line=3), message(LONG, "wrap", line=4)]
EMOJI = message("🎁", "wrap", line=5)


def text(words: str, line: int = 1) -> TrainingText:
    return TrainingText(words, "greet", Place(Path("data/nlu.yml"), line))


@pytest.mark.parametrize(
    "words",
    ["hullo there", "Hullo, there!", " hullo   there", LONG.upper() + " !!", LONG + " now"],
)
def test_copies_are_found_whatever_their_case_and_punctuation(words: str) -> None:
    [overlap] = find_overlaps([text(words)], MESSAGES)
    assert overlap.training.text == words


@pytest.mark.parametrize("words", ["hullo", "hullo there you", "wrap it as a gift", "", "🎂"])
def test_texts_of_their_own_are_none(words: str) -> None:
    assert list(find_overlaps([text(words)], [*MESSAGES, EMOJI])) == []


def test_a_message_without_words_is_compared_as_it_is() -> None:
    assert len(list(find_overlaps([text(" 🎁 ")], [EMOJI]))) == 1


def test_an_overlap_names_both_places_and_the_message() -> None:
    with pytest.raises(WorkFailed) as refused:
        refuse_overlaps([text("HULLO THERE", line=63)], MESSAGES)
    said = str(refused.value)
    assert "data/nlu.yml:63: 'HULLO THERE' repeats the test message 'hullo there'" in said
    assert "made_up.yml:3" in said
    assert "take them out of the training data" in said


def test_many_overlaps_are_counted() -> None:
    with pytest.raises(WorkFailed) as refused:
        refuse_overlaps([text("hullo there", line) for line in range(SHOWN + 5)], MESSAGES)
    said = str(refused.value)
    assert said.count("data/nlu.yml") == SHOWN
    assert "and 5 more" in said


def test_without_an_overlap_nothing_happens() -> None:
    refuse_overlaps([text("something else")], MESSAGES)
