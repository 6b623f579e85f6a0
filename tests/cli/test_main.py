import subprocess
import sys

import pytest

from tests.cli.conftest import RunBot

COMMANDS = (
    "serve",
    "chat",
    "parse",
    "train",
    "catalogue",
    "evaluate",
    "token",
    "faq",
    "db",
    "demo",
)


def test_help_names_every_command(bot: RunBot) -> None:
    outcome = bot("--help")
    assert outcome.code == 0
    assert [name for name in COMMANDS if name not in outcome.out] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(bot: RunBot, command: str) -> None:
    outcome = bot(command, "--help")
    assert (outcome.code, outcome.err) == (0, "")
    assert f"bot {command} [OPTIONS]" in outcome.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["fly"],
        ["serve", "--fly"],
        ["serve", "--port", "x"],
        ["serve", "--port", "70000"],
        ["token"],
    ],
    ids=" ".join,
)
def test_wrong_use_is_exit_code_2(bot: RunBot, arguments: list[str]) -> None:
    outcome = bot(*arguments)
    assert outcome.code == 2
    assert "Traceback" not in outcome.err


def test_help_is_there_without_loading_rasa() -> None:
    code = (
        "import sys; from bot.cli.main import app; "
        "sys.exit(bool({'rasa', 'tensorflow', 'onnxruntime'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
