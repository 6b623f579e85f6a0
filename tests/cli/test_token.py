import subprocess
import sys
from pathlib import Path

import jwt
import pytest

from tests.cli.conftest import SECRET, RunBot


def claims(token: str) -> dict[str, object]:
    decoded: dict[str, object] = jwt.decode(token, SECRET, algorithms=["HS256"])
    return decoded


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {
        "BOT_STATE_DIR": str(tmp_path),
        "BOT_SECRET_KEY": SECRET.upper(),
        "BOT_IDENTITY_SECRET": SECRET,
    }


def test_it_prints_a_token_and_nothing_else(environ: dict[str, str]) -> None:
    printed = subprocess.run(
        [Path(sys.executable).with_name("bot"), "token", "--customer", "C100"],
        env=environ,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert printed.stderr == ""
    assert printed.stdout.count("\n") == 1
    assert claims(printed.stdout.strip())["sub"] == "C100"


def test_it_holds_a_name_and_an_end(bot: RunBot) -> None:
    outcome = bot("token", "--customer", "C100", "--name", "Ana", "--minutes", "5")
    told = claims(outcome.out.strip())
    assert set(told) == {"sub", "exp", "name"}
    assert told["name"] == "Ana"


@pytest.mark.parametrize("minutes", ["0", "61", "-5"])
def test_it_lasts_an_hour_at_most(bot: RunBot, minutes: str) -> None:
    outcome = bot("token", "--customer", "C100", "--minutes", minutes)
    assert (outcome.code, outcome.out) == (2, "")


def test_without_a_secret_there_is_no_token(bot: RunBot) -> None:
    outcome = bot("token", "--customer", "C100", BOT_IDENTITY_SECRET="")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("bot: BOT_IDENTITY_SECRET is not set")
    assert outcome.err.count("\n") == 1


def test_the_demo_has_a_secret_of_its_own(bot: RunBot) -> None:
    outcome = bot(
        "token", "--customer", "C100", "--demo", BOT_IDENTITY_SECRET="", BOT_SECRET_KEY=""
    )
    assert (outcome.code, outcome.out.count(".")) == (0, 2)
    with pytest.raises(jwt.InvalidSignatureError):
        claims(outcome.out.strip())
