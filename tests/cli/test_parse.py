import json
from pathlib import Path

import pytest

from tests.cli.conftest import RunBot

KEYS = ["text", "intent", "confidence", "entities", "ranking", "clarify", "parts"]


def test_a_missing_model_is_one_line_with_the_fix(bot: RunBot) -> None:
    outcome = bot("parse", stdin="where is my order\n")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.count("\n") == 1
    assert "models/live/model.tar.gz: no model here; train one with: bot train" in outcome.err


def test_a_model_that_cannot_be_loaded_is_one_line_with_the_fix(
    bot: RunBot, live_model: Path
) -> None:
    outcome = bot("parse", stdin="where is my order\n")
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert "bot train" in outcome.err


def test_outside_a_project_it_says_where_to_go(bot: RunBot, tmp_path: Path) -> None:
    outcome = bot("parse", cwd=tmp_path)
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert "run bot in the project's folder" in outcome.err


@pytest.mark.model
@pytest.mark.usefixtures("encoder_at_hand")
class TestWithTheTrainedModel:
    def test_each_line_becomes_one_json_object(self, bot: RunBot, trained_model: Path) -> None:
        lines = ["how do I buy something", "", "cancel #81 0024 0002, Ana@example.com", "🍕🍕"]
        outcome = bot("parse", "--model", str(trained_model), stdin="\n".join(lines) + "\n")
        objects = [json.loads(line) for line in outcome.lines]
        assert [one["text"] for one in objects] == lines
        assert all(list(one) == KEYS for one in objects)
        assert [one["intent"] for one in objects] == [
            "faq/how_do_i_purchase_an_item",
            "out_of_scope",
            "cancel_order",
            "out_of_scope",
        ]

    def test_entities_stand_where_they_were_typed(self, bot: RunBot, trained_model: Path) -> None:
        text = "  cancel #81 0024 0002, Ana@example.com"
        outcome = bot("parse", "--model", str(trained_model), stdin=text)
        number, email = json.loads(outcome.out)["entities"]
        assert list(number) == ["entity", "value", "start", "end"]
        assert (text[number["start"] : number["end"]], number["value"]) == (
            "81 0024 0002",
            "8100240002",
        )
        assert text[email["start"] : email["end"]] == "Ana@example.com"

    @pytest.mark.parametrize(
        "stdin", [b"caf\xe9\nyes\n", b"\xff\xfe\x00\nyes\n", b"\x00\x01\x1b[2J\r\nyes\r\n"]
    )
    def test_bytes_that_are_no_text_do_not_stop_it(
        self, bot: RunBot, trained_model: Path, stdin: bytes
    ) -> None:
        outcome = bot("parse", "--model", str(trained_model), stdin=stdin)
        assert (outcome.code, outcome.err) == (0, "")
        assert [json.loads(line)["intent"] for line in outcome.lines][-1] == "affirm"

    def test_no_lines_give_no_objects(self, bot: RunBot, trained_model: Path) -> None:
        outcome = bot("parse", "--model", str(trained_model))
        assert (outcome.code, outcome.out) == (0, "")


@pytest.fixture
def encoder_at_hand(project: Path) -> None:
    """A project's folder has the encoder too; the model names it."""
    (project / "models").mkdir(exist_ok=True)
    (project / "models" / "encoder").symlink_to(Path(__file__).parents[2] / "models" / "encoder")
