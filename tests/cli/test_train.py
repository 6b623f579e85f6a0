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
