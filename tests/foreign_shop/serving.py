"""A shop on django-oscar: installed once for each lock, filled once for each content, and served.

It lives in a Python environment of its own, under `.rasa/foreign-shop/`, and has nothing of the bot
but `data/demo_shop.json`.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

import httpx

ROOT: Final = Path(__file__).parents[2]
KEPT: Final = ROOT / ".rasa" / "foreign-shop"
LOCK: Final = Path(__file__).with_name("requirements.lock")
PROJECT: Final = Path(__file__).with_name("project")
ADAPTER: Final = ROOT / "deploy" / "oscar"
DEMO_SHOP: Final = ROOT / "data" / "demo_shop.json"
DATABASE: Final = "shop.sqlite3"
CLOCK: Final = "clock"
TOKEN: Final = "the-token-of-the-foreign-shop"
STEP_TIMEOUT_S: Final = 300
STOP_TIMEOUT_S: Final = 10


def install() -> Path:
    """Give the Python that has Oscar; installing it takes 5 s from a warm cache."""
    environment = KEPT / f"venv-{_digest([LOCK])}"
    python = environment / "bin" / "python"
    with _alone():
        if not (environment / "complete").exists():
            shutil.rmtree(environment, ignore_errors=True)
            _install_into(environment)
            (environment / "complete").touch()
    return python


def fill(python: Path, database: str, state: Path, now: datetime | None = None) -> None:
    """Make the tables of a new shop and fill them with the demo shop as of this instant.

    `database` is a PostgreSQL URL, or empty for SQLite in the folder `state`.
    """
    _run([python, "-m", "shop.fill", DEMO_SHOP], shop_environment(state, database, now))


def filled_database(python: Path, now: datetime) -> Path:
    """Give an SQLite file with the demo shop as of this instant; to be copied, not changed."""
    sources = sorted({*PROJECT.rglob("*.py"), *ADAPTER.rglob("*.py")})
    name = f"{_digest([LOCK, DEMO_SHOP, *sources])}-{now:%Y%m%dT%H%M%S}.sqlite3"
    kept = KEPT / name
    with _alone(), tempfile.TemporaryDirectory() as folder:
        if not kept.exists():
            fill(python, "", Path(folder), now)
            for old in KEPT.glob("*.sqlite3"):
                old.unlink()
            shutil.move(Path(folder) / DATABASE, kept)
    return kept


@contextmanager
def serving(
    python: Path,
    state: Path,
    database: str = "",
    *,
    now: datetime | None = None,
    port: int = 0,
    lock_timeout_s: float | None = None,
) -> Iterator[str]:
    """Serve a shop that was filled until the block ends; gives its address, without `/bot-api`."""
    environment = shop_environment(state, database, now)
    if lock_timeout_s is not None:
        environment["SHOP_LOCK_TIMEOUT_S"] = str(lock_timeout_s)
    command = [str(python), "-m", "shop.serve", str(port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline().strip()
            if not said:
                raise RuntimeError("the shop did not start; what it said is above")
            address = f"http://127.0.0.1:{said}"
            _warm_up(address)
            yield address
        finally:
            process.terminate()
            process.wait(STOP_TIMEOUT_S)


def shop_environment(state: Path, database: str, now: datetime | None) -> dict[str, str]:
    """Give the environment of the shop's processes: nothing of the bot's own is in it.

    With `now`, the shop's clock stands at what the file `clock` in its state folder says.
    """
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{PROJECT}{os.pathsep}{ADAPTER}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONWARNINGS": "ignore",  # of Oscar's own dependencies
        "DJANGO_SETTINGS_MODULE": "shop.settings",
        "SHOP_STATE": str(state),
        "SHOP_DATABASE": database,
        "ORDER_STORE_TOKEN": TOKEN,
    }
    if now is not None:
        set_clock(state, now)
        environment["SHOP_CLOCK"] = str(state / CLOCK)
    return environment


def set_clock(state: Path, now: datetime) -> None:
    """Set the clock of a shop that was started with one."""
    hands = state / f"{CLOCK}.new"
    hands.write_text(now.isoformat(), "ascii")
    hands.replace(state / CLOCK)


def _warm_up(address: str) -> None:
    """Let Django import its pages, which takes a second, before the bot's patience is tested."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    httpx.get(
        f"{address}/bot-api/v1/products", headers=headers, timeout=STEP_TIMEOUT_S
    ).raise_for_status()


def _install_into(environment: Path) -> None:
    uv = shutil.which("uv") or ROOT / ".uv" / "bin" / "uv"
    python = environment / "bin" / "python"
    if not Path(uv).exists():
        _run([sys.executable, "-m", "venv", environment])
        _run([python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", LOCK])
        return
    _run([uv, "venv", "--quiet", "--python", sys.executable, environment])
    _run([uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, LOCK])


def _run(command: list[Path | str], environment: Mapping[str, str] | None = None) -> None:
    subprocess.run(command, env=environment, check=True, timeout=STEP_TIMEOUT_S)


@contextmanager
def _alone() -> Iterator[None]:
    """Keep others from building the same thing at the same time."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _digest(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.name}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
