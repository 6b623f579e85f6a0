import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from bot.brain.model_folder import CANDIDATES, LIVE_MODEL
from bot.errors import ConfigurationError
from bot.evaluation.model_file import find_default_model, find_live_scores, read_model_file
from bot.evaluation.scores import LabelScore, Scores

SCORES = Scores("20261101", "ab", {"greet": LabelScore(2, 1, 1)})


def pack(path: Path, model_id: str = "one", *, threshold: float | None = None) -> Path:
    """Write what Rasa and the classifier pack, as far as it is read."""
    metadata = {
        "model_id": model_id,
        "trained_at": "2026-11-24T12:00:00",
        "rasa_open_source_version": "3.6.21",
    }
    members: dict[str, Any] = {"metadata.json": metadata}
    if threshold is not None:
        members["components/train_classifier/rule.json"] = {"threshold": threshold}
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz") as archive:
        for name, values in members.items():
            content = json.dumps(values).encode()
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def candidate(project: Path, name: str, *, threshold: float | None = None) -> Path:
    return pack(project / CANDIDATES / f"{name}.tar.gz", name, threshold=threshold)


def write_scores(path: Path, **others: Any) -> None:
    path.write_text(json.dumps({**SCORES.to_json(), **others}))


def test_a_model_says_what_it_is(tmp_path: Path) -> None:
    model = read_model_file(candidate(tmp_path, "20261124-120000", threshold=0.4))
    assert (model.name, model.model_id, model.threshold) == (
        "20261124-120000",
        "20261124-120000",
        0.4,
    )
    assert len(model.sha256) == 64
    assert model.record == {}


def test_a_pipeline_may_have_no_threshold(tmp_path: Path) -> None:
    assert read_model_file(candidate(tmp_path, "a")).threshold is None


def test_what_was_recorded_at_training_is_read(tmp_path: Path) -> None:
    path = candidate(tmp_path, "a")
    path.with_name("a.json").write_text('{"data_sha256": "cd", "seconds": 31.5, "nested": {}}')
    assert read_model_file(path).record == {"data_sha256": "cd", "seconds": "31.5"}


@pytest.mark.parametrize("content", [b"", b"no archive at all", b"\x1f\x8b\x08\x00broken"])
def test_a_file_that_is_no_model_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.tar.gz"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"model\.tar\.gz: this is no model"):
        read_model_file(path)


def test_an_archive_of_something_else_is_no_model(tmp_path: Path) -> None:
    path = tmp_path / "model.tar.gz"
    with tarfile.open(path, "w:gz"):
        pass
    with pytest.raises(ConfigurationError, match="this is no model"):
        read_model_file(path)


def test_the_newest_candidate_comes_before_the_live_model(tmp_path: Path) -> None:
    live = pack(tmp_path / LIVE_MODEL)
    assert find_default_model(tmp_path) == live
    candidate(tmp_path, "20261101-090000")
    newest = candidate(tmp_path, "20261124-120000")
    assert find_default_model(tmp_path) == newest


def test_without_any_model_it_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="bot train"):
        find_default_model(tmp_path)


class TestScoresOfTheLiveModel:
    def test_they_lie_beside_the_candidate_it_once_was(self, tmp_path: Path) -> None:
        old, new = candidate(tmp_path, "20261101"), candidate(tmp_path, "20261124")
        self.make_live(tmp_path, old)
        write_scores(old.with_name("20261101.scores.json"), counts={"asked": 3, "by": [1]})
        found = find_live_scores(tmp_path, but_not=read_model_file(new))
        assert found is not None
        assert (found.scores, found.counts) == (SCORES, {"asked": 3})

    def test_or_beside_the_live_model_itself(self, tmp_path: Path) -> None:
        new = candidate(tmp_path, "20261124")
        live = pack(tmp_path / LIVE_MODEL)
        write_scores(live.with_name("model.scores.json"))
        found = find_live_scores(tmp_path, but_not=read_model_file(new))
        assert found is not None
        assert found.scores == SCORES

    def test_a_link_is_followed_to_the_model_that_is_live(self, tmp_path: Path) -> None:
        new = candidate(tmp_path, "20261124")
        live = tmp_path / LIVE_MODEL
        live.parent.mkdir()
        live.symlink_to(pack(live.with_name("20261101.tar.gz")))
        assert read_model_file(live).name == "20261101"
        write_scores(new.with_name("20261101.scores.json"))
        found = find_live_scores(tmp_path, but_not=read_model_file(new))
        assert found is not None
        assert found.scores == SCORES

    def test_another_candidates_scores_are_not_taken(self, tmp_path: Path) -> None:
        old, new = candidate(tmp_path, "20261101"), candidate(tmp_path, "20261124")
        pack(tmp_path / LIVE_MODEL)
        write_scores(old.with_name("20261101.scores.json"))
        assert find_live_scores(tmp_path, but_not=read_model_file(new)) is None

    def test_a_model_is_not_compared_with_itself(self, tmp_path: Path) -> None:
        old = candidate(tmp_path, "20261101")
        self.make_live(tmp_path, old)
        write_scores(old.with_name("20261101.scores.json"))
        assert find_live_scores(tmp_path, but_not=read_model_file(old)) is None

    def test_without_a_live_model_there_are_none(self, tmp_path: Path) -> None:
        new = candidate(tmp_path, "20261124")
        assert find_live_scores(tmp_path, but_not=read_model_file(new)) is None

    @pytest.mark.parametrize("content", ["{", "[]", '{"model": "a"}', '{"labels": 3}'])
    def test_scores_that_cannot_be_read_are_named(self, tmp_path: Path, content: str) -> None:
        new = candidate(tmp_path, "20261124")
        live = pack(tmp_path / LIVE_MODEL)
        live.with_name("model.scores.json").write_text(content)
        with pytest.raises(ConfigurationError, match=r"model\.scores\.json"):
            find_live_scores(tmp_path, but_not=read_model_file(new))

    @staticmethod
    def make_live(project: Path, model: Path) -> None:
        live = project / LIVE_MODEL
        live.parent.mkdir(parents=True)
        live.write_bytes(model.read_bytes())
