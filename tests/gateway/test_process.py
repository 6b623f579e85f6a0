"""The gateway as a process of its own, killed in the middle of a turn."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from pydantic import TypeAdapter
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.gateway.model import Turn
from bot.process import free_port
from tests.gateway.fake_brain import FakeBrain
from tests.gateway.running import SECRET, Shopper, make_settings, serve

_TURN = TypeAdapter(Turn)


def over_http(brain: FakeBrain) -> Starlette:
    """The fake behind the HTTP that real brains speak."""

    async def post_turn(request: Request) -> Response:
        turn = _TURN.validate_python({"seq": 0, **await request.json()})
        answer = await brain.answer(turn)
        return JSONResponse(answer.model_dump(mode="json"))

    async def get_health(_request: Request) -> Response:
        return JSONResponse((await brain.health()).model_dump())

    return Starlette(
        routes=[Route("/turns", post_turn, methods=["POST"]), Route("/health", get_health)]
    )


@asynccontextmanager
async def process(
    state_dir: Path, brain_url: str, port: int
) -> AsyncIterator[asyncio.subprocess.Process]:
    make_settings(state_dir)  # writes the domain file
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.gateway",
        "--port",
        str(port),
        "--brain-url",
        brain_url,
        env={
            "PATH": os.environ["PATH"],
            "BOT_STATE_DIR": str(state_dir),
            "BOT_SECRET_KEY": SECRET,
            "BOT_DOMAIN_PATH": str(state_dir / "domain.yml"),
            "BOT_TURN_LEASE_S": "1",
            "BOT_BRAIN_PATIENCE_S": "60",
        },
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        yield child
    finally:
        if child.returncode is None:
            child.terminate()
        await child.wait()


async def until_ready(client: httpx.AsyncClient) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                if (await client.get("/readyz")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.05)


async def test_killed_gateway_loses_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    brain = FakeBrain()
    port = free_port()
    async with (
        serve(over_http(brain)) as brain_url,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client,
    ):
        async with process(tmp_path, brain_url, port) as first:
            await until_ready(client)
            shopper = Shopper(client, (await client.post("/api/v1/sessions", json={})).json())
            brain.open.clear()
            await shopper.send(text="one", wait_s=None)
            await shopper.send(text="two", wait_s=None)
            first.send_signal(signal.SIGKILL)
            await first.wait()
        brain.open.set()
        async with process(tmp_path, brain_url, port):
            await until_ready(client)
            texts = await shopper.wait_for_texts(4)
    assert texts == ["shopper: one", "shopper: two", "bot: echo one", "bot: echo two"]
    assert len(brain.ran) == 2


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("BOT_SECRET_KEY", "short"),
        ("BOT_DATABASE_URL", "sqlite:////does/not/exist/bot.sqlite3"),
        ("BOT_DOMAIN_PATH", "/does/not/exist.yml"),
    ],
)
async def test_wrong_setting_ends_the_start_with_one_line(
    tmp_path: Path, variable: str, value: str
) -> None:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.gateway",
        env={
            "PATH": os.environ["PATH"],
            "BOT_STATE_DIR": str(tmp_path),
            "BOT_SECRET_KEY": SECRET,
            variable: value,
        },
        stderr=asyncio.subprocess.PIPE,
    )
    _, error = await child.communicate()
    assert child.returncode == 2
    assert error.decode().count("\n") == 1
    assert variable in error.decode()
