import os
import resource
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.brain.model_folder import LIVE_MODEL, ModelFolder
from bot.errors import ConfigurationError, WorkFailed
from bot.evaluation.ledger import LEDGER, Entry, Ledger
from bot.evaluation.live_switch import KEPT_MODELS, LiveSwitch, prune_candidates
from tests.candidate_files import add_candidate
from tests.evaluation.conftest import FIRST, NOW, SECOND, THIRD

# What writes, renames, links or removes: between any two of these a process may be killed.
STEPS = ("open", "os.rename", "os.symlink", "os.link", "os.remove")


def promoted(model: str, previous: str | None = None) -> Entry:
    return Entry(at=NOW, outcome="promoted", model=model, previous=previous, by="ana")


def promote(files: ModelFolder, model: str) -> None:
    switch = LiveSwitch(files)
    with switch.held():
        switch.change(promoted(model, files.live_id()))


def live_content(files: ModelFolder) -> str:
    return files.live_model.read_text()


def test_a_model_goes_live_and_the_ledger_says_so(files: ModelFolder) -> None:
    promote(files, FIRST)
    promote(files, SECOND)
    assert (files.live_id(), live_content(files)) == (SECOND, f"the model {SECOND}")
    assert Ledger(files.project_dir).read() == [promoted(FIRST), promoted(SECOND, FIRST)]


def test_nothing_but_models_and_what_is_known_of_them_is_left(files: ModelFolder) -> None:
    promote(files, FIRST)
    assert sorted(path.name for path in files.live.iterdir()) == [
        ".lock",
        f"{FIRST}.json",
        f"{FIRST}.tar.gz",
        "model.tar.gz",
    ]


def test_the_models_that_were_live_last_are_kept(files: ModelFolder, tmp_path: Path) -> None:
    names = [f"202611{day}-120000" for day in range(10, 10 + KEPT_MODELS + 2)]
    for name in names:
        add_candidate(tmp_path, tmp_path / "trained", name)
        promote(files, name)
    assert files.kept_ids() == {*names[-KEPT_MODELS:]}
    assert {path.name for path in files.live.glob("*.json")} == {
        f"{name}.json" for name in names[-KEPT_MODELS:]
    }


def test_a_model_put_there_by_hand_is_kept_under_a_name_of_its_own(files: ModelFolder) -> None:
    files.live.mkdir(parents=True)
    files.live_model.write_text("put there by hand")
    by_hand = files.live_id()
    assert by_hand is not None
    promote(files, FIRST)
    assert files.kept_ids() == {FIRST, by_hand}
    promote(files, by_hand)
    assert (files.live_id(), live_content(files)) == (by_hand, "put there by hand")


@pytest.mark.parametrize("before", [None, FIRST])
def test_whoever_is_killed_at_any_step_leaves_the_old_model_or_the_new_one(
    files: ModelFolder, before: str | None
) -> None:
    if before is not None:
        promote(files, before)
    step = 0
    was_killed = True
    while was_killed:
        step += 1
        was_killed = run_and_kill(files, step)
        live = files.live_id()
        assert live in (before, SECOND), step
        if live is not None:
            files.check_unchanged(live)
        # The next one finishes or drops what was left, and the ledger agrees with what is live.
        with LiveSwitch(files).held():
            pass
        recorded = [one.model for one in Ledger(files.project_dir).read()]
        assert recorded == [name for name in dict.fromkeys((before, live)) if name], step
        if live == SECOND and was_killed:
            put_back(files, before)
    assert step > 10
    assert files.live_id() == SECOND


def run_and_kill(files: ModelFolder, step: int) -> bool:
    """Promote in a process that is killed before its nth step; tells whether it came so far."""
    child = os.fork()
    if child == 0:
        done = 0

        def count(event: str, arguments: tuple[Any, ...]) -> None:
            nonlocal done
            if event in STEPS and str(files.project_dir) in str(arguments[0]):
                done += 1
                if done == step:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        promote(files, SECOND)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def put_back(files: ModelFolder, before: str | None) -> None:
    """Begin again: `before` is live, and nothing is left of the promotion."""
    for path in files.live.iterdir():
        path.unlink()
    (files.project_dir / LEDGER).unlink()
    if before is not None:
        promote(files, before)


def test_while_another_promotion_changes_it_nobody_else_does(files: ModelFolder) -> None:
    switch = LiveSwitch(files, patience_s=0.1)
    with (
        LiveSwitch(files).held(),
        pytest.raises(WorkFailed, match="another promotion or rollback"),
        switch.held(),
    ):
        pass
    with switch.held():
        pass


def test_a_promotion_waits_a_moment_for_another_one(files: ModelFolder) -> None:
    entered = threading.Event()

    def wait() -> None:
        with LiveSwitch(files).held():
            entered.set()

    thread = threading.Thread(target=wait)
    with LiveSwitch(files).held():
        thread.start()
        assert not entered.wait(0.2)
    thread.join(5)
    assert entered.is_set()


def test_where_nothing_can_be_written_the_old_model_stays_and_is_named(files: ModelFolder) -> None:
    promote(files, FIRST)
    with (
        nothing_can_be_written(),
        pytest.raises(WorkFailed, match=f"File too large.*still {FIRST}"),
    ):
        promote(files, SECOND)
    assert (files.live_id(), live_content(files)) == (FIRST, f"the model {FIRST}")
    assert files.kept_ids() == {FIRST}


@contextmanager
def nothing_can_be_written() -> Iterator[None]:
    """As on a full disk: files can be made, but hold nothing."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_promotion_that_could_not_be_recorded_is_recorded_by_the_next_one(
    files: ModelFolder,
) -> None:
    in_the_way = files.project_dir / LEDGER
    in_the_way.mkdir()
    with pytest.raises(WorkFailed, match=f"{FIRST} is live, but {LEDGER} could not be written"):
        promote(files, FIRST)
    in_the_way.rmdir()
    promote(files, SECOND)
    assert Ledger(files.project_dir).read() == [promoted(FIRST), promoted(SECOND, FIRST)]


def test_a_ledger_that_cannot_be_read_stops_a_promotion_before_anything_is_done(
    files: ModelFolder,
) -> None:
    promote(files, FIRST)
    with (files.project_dir / LEDGER).open("a") as ledger:
        ledger.write("nonsense\n")
    with pytest.raises(ConfigurationError, match=r"promotions\.jsonl:2"):
        promote(files, SECOND)
    assert files.live_id() == FIRST


def test_a_model_that_was_changed_after_it_was_compared_does_not_go_live(
    files: ModelFolder,
) -> None:
    promote(files, FIRST)
    (files.candidates / f"{SECOND}.tar.gz").write_text("another model")
    with pytest.raises(WorkFailed, match=rf"{SECOND}\.tar\.gz: not the file that was trained"):
        promote(files, SECOND)
    assert files.live_id() == FIRST


def test_old_candidates_are_deleted_but_for_those_that_were_live(
    files: ModelFolder, tmp_path: Path
) -> None:
    promote(files, FIRST)
    for day in (4, 5):
        add_candidate(tmp_path, tmp_path / "trained", f"2026110{day}-120000")
    assert prune_candidates(files, keep=2) == [THIRD, SECOND]
    assert files.candidate_ids() == ["20261105-120000", "20261104-120000", FIRST]
    assert not (files.candidates / f"{THIRD}.json").exists()


def test_of_a_model_that_is_kept_no_longer_what_is_known_stays(
    files: ModelFolder, tmp_path: Path
) -> None:
    promote(files, FIRST)
    for day in range(10, 10 + KEPT_MODELS):
        add_candidate(tmp_path, tmp_path / "trained", f"202611{day}-120000")
        promote(files, f"202611{day}-120000")
    prune_candidates(files, keep=10)
    assert FIRST not in {*files.candidate_ids(), *files.kept_ids()}
    assert files.find_record(FIRST) is not None
    assert (files.project_dir / LIVE_MODEL).is_symlink()
