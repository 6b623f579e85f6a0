import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.brain.model_folder import ModelFolder, hash_file
from bot.cli.train import KEPT_CANDIDATES
from tests.candidate_files import add_candidate
from tests.cli.conftest import RunBot
from tests.small_project import make_small_project
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
    stage, error = outcome.err.splitlines()
    assert (stage, error.startswith("bot: ")) == ("reading", True)
    assert Path(name).name in error


@pytest.fixture
def small_project(tmp_path: Path) -> Path:
    return make_small_project(tmp_path / "small")


@pytest.mark.model
def test_the_first_model_goes_live_and_knows_the_article(bot: RunBot, small_project: Path) -> None:
    trained = bot("train", cwd=small_project)
    folder = ModelFolder(small_project)
    [name] = folder.candidate_ids()
    assert trained.lines[0].startswith(f"trained models/candidates/{name}.tar.gz in ")
    assert trained.lines[1] == f"live    {name}"
    assert folder.live_id() == name
    parsed = bot("parse", cwd=small_project, stdin="can i get a gift card\n")
    assert json.loads(parsed.out)["intent"] == "faq/do_you_sell_gift_cards"


@pytest.mark.model
def test_a_first_model_that_misses_its_canary_does_not_go_live(
    bot: RunBot, small_project: Path
) -> None:
    nlu = small_project / "data" / "nlu.yml"
    text = nlu.read_text("utf-8").replace("- where is my order\\n", "")
    nlu.write_text(text.replace("- hello\\n", "- hello\\n- where is my order\\n"), "utf-8")
    outcome = bot("train", cwd=small_project)
    assert outcome.code == 1
    assert "refused: " in outcome.err.splitlines()[-1]
    assert "understands 'where is my order' as" in outcome.err.splitlines()[-1]
    assert ModelFolder(small_project).live_id() is None


@pytest.mark.model
def test_the_record_tells_what_the_model_was_made_from(bot: RunBot, small_project: Path) -> None:
    before = datetime.now(UTC)
    assert bot("train", cwd=small_project).code == 0
    folder = ModelFolder(small_project)
    [name] = folder.candidate_ids()
    record = folder.record(name)
    assert record.labels == {
        "faq/do_you_sell_gift_cards": 4,
        "goodbye": 3,
        "greet": 3,
        "order_status": 3,
    }
    assert record.messages == 13
    assert record.seeds == {"ShopIntentClassifier": 42}
    assert record.model_sha256 == hash_file(folder.model(name))
    assert record.config_sha256 == hash_file(small_project / "config.yml")
    assert before <= record.trained_at <= datetime.now(UTC)
    assert 0 < record.seconds < (datetime.now(UTC) - before).total_seconds()


@pytest.mark.model
def test_the_same_data_and_seed_make_the_same_model(bot: RunBot, small_project: Path) -> None:
    for _ in range(2):
        assert bot("train", cwd=small_project).code == 0
    folder = ModelFolder(small_project)
    newer, older = folder.candidate_ids()
    assert folder.record(newer).data_sha256 == folder.record(older).data_sha256
    texts = "gift card\nhas it been shipped\nsee you\nsomething else entirely\n"
    understood = [
        bot("parse", "--model", str(folder.model(name)), cwd=small_project, stdin=texts).out
        for name in (newer, older)
    ]
    assert understood[0] == understood[1]
    assert len(understood[0].splitlines()) == 4


@pytest.mark.model
def test_progress_is_told_stage_by_stage(bot: RunBot, small_project: Path) -> None:
    outcome = bot("train", cwd=small_project)
    stages = outcome.err.splitlines()
    assert (stages[0], stages[-1]) == ("reading", "packaging")
    assert stages.index("encoding") < len(stages) - 1 - stages[::-1].index("fitting")
    assert {*stages} == {"reading", "encoding", "fitting", "packaging"}


@pytest.mark.model
def test_old_candidates_are_deleted(bot: RunBot, small_project: Path) -> None:
    model = small_project / "old"
    model.write_text("an old model")
    names = [f"202601{day:02}-120000" for day in range(1, KEPT_CANDIDATES + 2)]
    for name in names:
        add_candidate(small_project, model, name)
    assert bot("train", cwd=small_project).code == 0
    folder = ModelFolder(small_project)
    live = folder.live_id()
    assert folder.candidate_ids() == [live, *sorted(names[1:], reverse=True)]
