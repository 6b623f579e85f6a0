"""`bot serve`: the whole bot on one machine."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from typing import Annotated

import httpx
import typer

from bot.brain.model_folder import LIVE_MODEL
from bot.cli.demo import load_shop
from bot.cli.orders import open_orders_engine
from bot.cli.project import find_project, open_bot_database, read_settings
from bot.errors import ConfigurationError
from bot.process import free_port, listen
from bot.supervisor import Child, Supervisor


def serve(
    demo: Annotated[bool, typer.Option("--demo", help="Serve the demo shop.")] = False,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8080,
    brains: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer.")] = 1,
) -> None:
    """Serve the gateway and its brains, and start again what ends."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    project = find_project()
    settings = read_settings(demo=demo)
    if not (project / LIVE_MODEL).is_file():
        raise ConfigurationError(f"{LIVE_MODEL}: no live model; train one with: bot train")
    listen(host, port).close()
    open_bot_database(settings).dispose()
    if demo and not settings.has_shop_system:
        load_shop(settings, reset=False)
    elif orders_engine := open_orders_engine(settings):
        orders_engine.dispose()
    children = plan_children(demo=demo, host=host, port=port, brains=brains)
    address = f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{port}"  # noqa: S104
    sys.exit(Supervisor(children).run(on_check=_announcer(address)))


def plan_children(*, demo: bool, host: str, port: int, brains: int) -> list[Child]:
    """Plan one gateway and its brains; the brains listen on free loopback ports."""
    ports = [free_port() for _ in range(brains)]
    parent = ["--parent-pid", str(os.getpid())]
    module = "bot.demo_shop" if demo else "bot.gateway"
    gateway = [sys.executable, "-m", module, "--host", host, "--port", str(port), *parent]
    brain_options = [*parent, *(["--demo"] if demo else [])]
    for brain_port in ports:
        gateway += ["--brain-url", f"http://127.0.0.1:{brain_port}"]
    return [
        Child("gateway", gateway),
        *(
            Child(
                f"brain {number}",
                [sys.executable, "-m", "bot.brain", "--port", str(brain_port), *brain_options],
                health_url=f"http://127.0.0.1:{brain_port}/health",
            )
            for number, brain_port in enumerate(ports, start=1)
        ),
    ]


def _announcer(address: str) -> Callable[[], None]:
    """Say once where the bot is, when it is ready to answer."""
    client = httpx.Client(timeout=0.5)
    told = False
    checks = 0

    def announce() -> None:
        nonlocal told, checks
        checks += 1
        if told or checks % 5:
            return
        try:
            told = client.get(f"{address}/readyz").status_code == httpx.codes.OK
        except httpx.HTTPError:
            return
        if told:
            print(f"Ready: {address}", flush=True)
            client.close()

    return announce
