import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language

from bot.nlu.segments import MAX_SEGMENTS, find_segments

WORDS = (
    *(
        "where",
        "is",
        "my",
        "order",
        "and",
        "also",
        "but",
        "then",
        "please",
        "how",
        "do",
        "i",
        "pay",
    ),
    *(".", "?", "!", "...", ",", ";", "&", "\n", "\n\n", " ", "👍", "我的订单在哪里", "não"),
    *("8100240002", "ana@example.com", "e.g.", "don't", "x" * 45, "?!" * 20, "\u200d", "\x00"),
)
ANY_TEXT = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join),
    st.lists(st.sampled_from(WORDS), max_size=25).map("".join),
)


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    return nlp


def texts(text: str, nlp: Language) -> list[str]:
    return [segment.text for segment in find_segments(text, nlp)]


def assert_segments_stand_in(text: str, nlp: Language) -> None:
    segments = find_segments(text, nlp)
    assert 1 <= len(segments) <= MAX_SEGMENTS
    assert all(one.text == text[one.start : one.end] for one in segments)
    if len(segments) == 1:
        assert segments[0].text == text
    else:
        bounds = [bound for one in segments for bound in (one.start, one.end)]
        assert bounds == sorted(bounds)
        assert all(one.text and one.text == one.text.strip() for one in segments)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=ANY_TEXT)
def test_each_segment_is_the_text_between_its_offsets(nlp: Language, text: str) -> None:
    assert_segments_stand_in(text, nlp)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 2000,
        "where is it? " * 150,
        "?" * 2000,
        "\n" * 2000,
        "👍" * 900,
        "我的订单在哪里？我要取消。" * 60,
        "and " * 240,
        f"where is {'x' * 45}? and how do i {'y' * 900}",
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_no_text_is_too_long_or_too_strange(nlp: Language, text: str) -> None:
    assert_segments_stand_in(text, nlp)


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("where is my order?", ["where is my order?"]),
        ("where is it? how do i pay?", ["where is it?", "how do i pay?"]),
        ("where is it and how do i pay", ["where is it", "how do i pay"]),
        ("where is it, and also how do i pay", ["where is it,", "how do i pay"]),
        ("Where is it? And then please tell me", ["Where is it?", "tell me"]),
        ("where is it\nhow do i pay", ["where is it", "how do i pay"]),
        ("where is it; how do i pay", ["where is it", "how do i pay"]),
        ("one. two. where is it", ["one. two.", "where is it"]),
        ("black and white shoes", ["black and white shoes"]),
        ("where is my order and", ["where is my order and"]),
        ("and where is my order", ["and where is my order"]),
        ("it costs 3.50 e.g. today", ["it costs 3.50 e.g. today"]),
        ("", [""]),
    ],
)
def test_a_message_is_cut_where_a_question_may_end(
    nlp: Language, text: str, segments: list[str]
) -> None:
    assert texts(text, nlp) == segments


def test_a_story_is_read_whole(nlp: Language) -> None:
    story = " ".join(f"this is sentence number{number}." for number in range(MAX_SEGMENTS + 1))
    assert texts(story, nlp) == [story]
