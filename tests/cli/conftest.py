import io
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli import main
from tests.trained_model import ROOT

SECRET = "a secret of at least thirty-two characters"
PASSWORD = "hunter2hunter2"

RunBot = Callable[..., "Outcome"]


@dataclass(frozen=True)
class Outcome:
    """What a command left: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """The settings a command starts with: an empty state folder and no secrets."""
    return {"BOT_STATE_DIR": str(tmp_path / "state")}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project's folder without a model."""
    folder = tmp_path / "project"
    folder.mkdir()
    for name in ("config.yml", "domain.yml", "data"):
        (folder / name).symlink_to(ROOT / name)
    return folder


@pytest.fixture
def live_model(project: Path) -> Path:
    """A live model that can be found, though not loaded."""
    model = project / "models" / "live" / "model.tar.gz"
    model.parent.mkdir(parents=True)
    model.write_bytes(b"no archive at all")
    return model


@pytest.fixture
def bot(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    environ: Mapping[str, str],
    project: Path,
) -> RunBot:
    """Run `bot` as the shell would, in a project's folder and with these settings alone."""
    for name in list(os.environ):
        if name.startswith(("BOT_", "ORDER_STORE_")):
            monkeypatch.delenv(name)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    def run(
        *arguments: str, stdin: str | bytes = "", cwd: Path = project, **settings: str
    ) -> Outcome:
        content = stdin.encode() if isinstance(stdin, str) else stdin
        with monkeypatch.context() as patch:
            patch.chdir(cwd)
            patch.setattr("sys.argv", ["bot", *arguments])
            patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content), "utf-8"))
            for name, value in settings.items():
                patch.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                main()
        written = capsys.readouterr()
        code = ended.value.code
        return Outcome(code if isinstance(code, int) else 0, written.out, written.err)

    return run
