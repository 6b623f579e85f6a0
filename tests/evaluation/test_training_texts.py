import shutil
from pathlib import Path

import pytest

from bot.brain.training import Project
from bot.errors import ConfigurationError
from bot.evaluation.training_texts import read_training_texts
from tests.trained_model import ROOT

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

NLU = """\
version: "3.1"
nlu:
  - intent: greet
    examples: |
      - hullo
      - good - or bad - day

      - order [8100240002](order_number), please
  - intent: stop
    examples: "- leave it\\n- no more"
  - lookup: product
    examples: |
      - hullo
  - intent: deny
    examples:
      - text: |
          rather not
      - text: nope
        metadata: {sentiment: negative}
"""
ARTICLE = """\
---
question: Do you wrap gifts?
category: Gifts
phrasings:
- gift wrap
- >-
  wrap it
  as a gift
---

We do.
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "data" / "help_center").mkdir(parents=True)
    shutil.copy(ROOT / "config.yml", tmp_path / "config.yml")
    (tmp_path / "domain.yml").write_text(
        'version: "3.1"\nintents: [greet, stop, deny, faq]\nentities: [order_number]\n'
    )
    (tmp_path / "data" / "nlu.yml").write_text(NLU)
    (tmp_path / "data" / "help_center" / "gifts.md").write_text(ARTICLE)
    return Project(tmp_path)


def test_every_text_has_its_label_file_and_line(project: Project) -> None:
    found = {
        (one.text, one.label, one.place.path.name, one.place.line)
        for one in read_training_texts(project)
    }
    assert found == {
        ("hullo", "greet", "nlu.yml", 5),
        ("good - or bad - day", "greet", "nlu.yml", 6),
        ("order 8100240002, please", "greet", "nlu.yml", 8),
        ("leave it", "stop", "nlu.yml", 10),
        ("no more", "stop", "nlu.yml", 10),
        ("rather not", "deny", "nlu.yml", 17),
        ("nope", "deny", "nlu.yml", 18),
        ("Do you wrap gifts?", "faq/do_you_wrap_gifts", "gifts.md", 2),
        ("gift wrap", "faq/do_you_wrap_gifts", "gifts.md", 5),
        ("wrap it as a gift", "faq/do_you_wrap_gifts", "gifts.md", 6),
    }


def test_every_text_of_this_project_has_a_line() -> None:
    texts = read_training_texts(Project(ROOT))
    assert len(texts) > 1000
    assert [one for one in texts if one.place.line is None] == []
    for one in (texts[0], texts[len(texts) // 2], texts[-1]):
        assert one.place.line is not None
        line = one.place.path.read_text("utf-8").splitlines()[one.place.line - 1]
        assert one.text.split()[0] in line


def test_an_article_that_cannot_be_read_is_named(project: Project) -> None:
    (project.data / "help_center" / "broken.md").write_text("---\nquestion: [\n---\n\nText\n")
    with pytest.raises(ConfigurationError, match=r"broken\.md"):
        read_training_texts(project)


def test_outside_a_project_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="run this in the project's folder"):
        read_training_texts(Project(tmp_path))
