import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import RunBot
from tests.trained_model import ROOT

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


def test_outside_a_project_it_says_what_is_missing(bot: RunBot, tmp_path: Path) -> None:
    outcome = bot("train", cwd=tmp_path)
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1
    assert "no config.yml, domain.yml, data here" in outcome.err


def test_where_a_model_is_live_nothing_needs_training(bot: RunBot, live_model: Path) -> None:
    before = live_model.read_bytes()
    outcome = bot("train", "--if-missing")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    assert live_model.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("data/help_center/broken.md", b"---\nquestion: [\n---\n"),
        ("data/help_center/broken.md", b"\xff\xfe\x00"),
        ("data/nlu.yml", b"nlu: [\n"),
        ("config.yml", b"pipeline: [\n"),
        ("domain.yml", b"\xff\xfe\x00"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(
    bot: RunBot, tmp_path: Path, name: str, content: bytes
) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in ("config.yml", "domain.yml"):
        shutil.copy(ROOT / file, copy / file)
    shutil.copytree(ROOT / "data", copy / "data")
    (copy / name).write_bytes(content)
    outcome = bot("train", cwd=copy)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.count("\n") == 1
    assert Path(name).name in outcome.err


DOMAIN = """
version: "3.1"
intents: [greet, goodbye, faq]
responses:
  utter_greet: [{text: Hello}]
"""
NLU = """
version: "3.1"
nlu:
  - intent: greet
    examples: "- hello\\n- hi there\\n- good morning"
  - intent: goodbye
    examples: "- bye\\n- see you later\\n- good night"
"""
RULES = """
version: "3.1"
rules:
  - rule: greet
    steps: [{intent: greet}, {action: utter_greet}]
  - rule: goodbye
    steps: [{intent: goodbye}, {action: utter_greet}]
  - rule: faq
    steps: [{intent: faq}, {action: utter_faq}]
"""
ARTICLE = """---
question: Do you sell gift cards?
category: Gifts
breadcrumb: Help > Gifts
phrasings:
- gift card
- can i buy a voucher for a friend
- where are gift cards
---

Yes, in the shop and online.
"""


@pytest.fixture
def small_project(tmp_path: Path) -> Path:
    """A project with three labels, which is trained in a few seconds."""
    folder = tmp_path / "small"
    (folder / "data" / "help_center").mkdir(parents=True)
    (folder / "models").mkdir()
    (folder / "models" / "encoder").symlink_to(ROOT / "models" / "encoder")
    shutil.copy(ROOT / "config.yml", folder / "config.yml")
    for name, text in (
        ("domain.yml", DOMAIN),
        ("data/nlu.yml", NLU),
        ("data/rules.yml", RULES),
        ("data/help_center/do_you_sell_gift_cards.md", ARTICLE),
    ):
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.mark.model
def test_the_first_model_goes_live_and_knows_the_article(bot: RunBot, small_project: Path) -> None:
    trained = bot("train", cwd=small_project)
    assert [line.split()[0] for line in trained.lines[-2:]] == ["trained", "live"]
    parsed = bot("parse", cwd=small_project, stdin="can i get a gift card\n")
    assert json.loads(parsed.out)["intent"] == "faq/do_you_sell_gift_cards"
