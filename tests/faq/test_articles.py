import string
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq.articles import (
    MAX_ID_CHARS,
    STEPS,
    Article,
    article_id,
    load_articles,
    question_problem,
    read_article,
    save_article,
)
from bot.faq.problems import ArticleError
from tests.faq.conftest import SHIPPED, WriteFile

CHARACTERS = st.characters(exclude_categories=("Cc", "Cs"))
LINES = st.text(CHARACTERS).map(lambda text: " ".join(text.split()))
QUESTIONS = LINES.filter(lambda text: question_problem(text) is None)
ANSWERS = st.lists(st.text(CHARACTERS), min_size=1).map(lambda lines: "\n".join(lines).strip())
ARTICLES = st.builds(
    Article,
    question=QUESTIONS,
    answer=ANSWERS.filter(bool),
    category=LINES,
    breadcrumb=st.lists(LINES.filter(bool), unique=True).map(tuple),
    url=st.none() | st.sampled_from(["/help#pay", "https://shop.example/help?a=1&b={2}"]),
    updated_at=st.none() | st.dates(),
    phrasings=st.lists(LINES.filter(bool), unique=True).map(tuple),
    step=st.none() | st.sampled_from(STEPS),
)


@given(st.text())
def test_an_id_has_only_lower_case_letters_digits_and_underscores(question: str) -> None:
    assert set(article_id(question)) <= set(string.ascii_lowercase + string.digits + "_")


@given(st.text())
def test_the_id_of_an_id_is_itself(question: str) -> None:
    assert article_id(article_id(question)) == article_id(question)


@given(st.text())
def test_an_id_neither_starts_nor_ends_with_an_underscore_nor_doubles_one(question: str) -> None:
    name = article_id(question)
    assert name == name.strip("_")
    assert "__" not in name


@given(st.text(), st.sampled_from("'’"), st.text())
def test_apostrophes_leave_no_trace_in_an_id(before: str, apostrophe: str, after: str) -> None:
    # The lower case of a few characters depends on what stands beside them.
    joined = before.lower() + after.lower()
    assert article_id(before + apostrophe + after) == article_id(joined)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Why can’t I place an order?", "why_cant_i_place_an_order"),
        ("Why can't I place an order?", "why_cant_i_place_an_order"),
        ("  How do I pay -- by card?! ", "how_do_i_pay_by_card"),
        ("Größe 42?", "gr_e_42"),
        ("???", ""),
    ],
)
def test_ids_follow_the_contract(question: str, expected: str) -> None:
    assert article_id(question) == expected


@given(ARTICLES)
def test_a_saved_article_loads_as_it_was(article: Article) -> None:
    with TemporaryDirectory() as folder:
        path = save_article(article, Path(folder))
        assert path.name == f"{article.id}.md"
        assert load_articles(Path(folder)) == (article,)


def test_a_file_written_by_hand_needs_only_a_question_and_an_answer(
    write: WriteFile, folder: Path
) -> None:
    write("help_center/pay.md", "---\nquestion: How do I pay?\n---\nBy card.\n")
    assert load_articles(folder) == (Article("How do I pay?", "By card."),)


def test_every_value_of_the_front_matter_is_read(write: WriteFile) -> None:
    path = write(
        "pay.md",
        "---\nquestion: How do I pay?\ncategory: Paying\nbreadcrumb: Shop > Paying\nurl: /pay\n"
        "updated_at: 2026-11-20\nstep: wrong_item\nphrasings:\n- can i pay\n- can i pay\n- paying\n"
        "---\n\n\nBy card.\n",
    )
    located = read_article(path)
    assert located.article == Article(
        "How do I pay?",
        "By card.",
        "Paying",
        ("Shop", "Paying"),
        "/pay",
        date(2026, 11, 20),
        ("can i pay", "paying"),
        "wrong_item",
    )
    assert (located.place.line, located.answer_line) == (2, 15)


def test_articles_come_sorted_by_id_from_subfolders_too(folder: Path) -> None:
    save_article(Article("B?", "b"), folder)
    save_article(Article("A?", "a"), folder / "more")
    assert [article.id for article in load_articles(folder)] == ["a", "b"]


def test_an_empty_folder_holds_no_articles(folder: Path) -> None:
    assert load_articles(folder) == ()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match=r"nowhere: there is no such folder; name the folder"):
        load_articles(tmp_path / "nowhere")


def test_a_file_in_place_of_the_folder_is_named(write: WriteFile) -> None:
    with pytest.raises(ArticleError, match=r"pay\.md: is not a folder"):
        load_articles(write("pay.md", "text"))


def test_all_broken_files_are_listed_at_once(write: WriteFile, folder: Path) -> None:
    write("help_center/a.md", "no head")
    write("help_center/b.md", "---\nquestion: B?\nupdated_at: soon\nurl: evil\n---\nText\n")
    with pytest.raises(ArticleError) as caught:
        load_articles(folder)
    lines = [(one.place.path.name, one.place.line) for one in caught.value.found]
    assert lines == [("a.md", 1), ("b.md", 4), ("b.md", 3)]


def test_two_articles_with_one_id_are_both_named(write: WriteFile, folder: Path) -> None:
    write("help_center/a.md", "---\nquestion: What's new?\n---\nText\n")
    write("help_center/b.md", "---\nquestion: Whats new\n---\nText\n")
    with pytest.raises(ArticleError, match=r"b\.md:2: its id whats_new is also that of .*a\.md:2"):
        load_articles(folder)


@pytest.mark.parametrize(
    ("question", "message"),
    [("???", "needs at least one letter"), ("a" * (MAX_ID_CHARS + 1), "too long")],
)
def test_a_question_that_gives_no_file_name_is_refused(
    write: WriteFile, question: str, message: str
) -> None:
    path = write("a.md", f"---\nquestion: '{question}'\n---\nText\n")
    with pytest.raises(ArticleError, match=message):
        read_article(path)


def test_saving_replaces_the_older_file_and_leaves_nothing_beside_it(folder: Path) -> None:
    article = Article("How do I pay?", "By card.")
    save_article(article, folder)
    save_article(replace(article, answer="By bank transfer."), folder)
    assert load_articles(folder)[0].answer == "By bank transfer."
    assert len(list(folder.iterdir())) == 1


def test_one_phrasing_takes_one_line_of_the_file(folder: Path) -> None:
    phrasing = "where is my order " * 20 + "please"
    path = save_article(Article("Where is it?", "There.", phrasings=(phrasing,)), folder)
    assert f"- {phrasing}\n" in path.read_text(encoding="utf-8")


def test_saving_where_a_folder_has_the_name_of_the_file_fails_and_names_it(folder: Path) -> None:
    (folder / "a.md").mkdir()
    with pytest.raises(ArticleError, match=r"a\.md: is a folder"):
        save_article(Article("A?", "a"), folder)
    assert [path.name for path in folder.iterdir()] == ["a.md"]


def test_the_shipped_articles_name_the_flows_that_do_them() -> None:
    shipped = load_articles(SHIPPED)
    assert {article.intent: article.step for article in shipped if article.step} == {
        "faq/how_do_i_check_the_order_status": "order_status",
        "faq/how_do_i_check_the_details_of_my_order": "order_details",
        "faq/why_cant_i_place_an_order": "check_purchase",
        "faq/what_if_i_still_need_to_contact_the_seller_after_placing_an_order": "contact_seller",
        "faq/what_if_i_selected_the_wrong_size_or_model_of_an_item_but_have_already_placed_the"
        "_order": "wrong_item",
    }
