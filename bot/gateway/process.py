"""Running a gateway as a process of its own, as it is or with something around it."""

import argparse
import os
import sys
from collections.abc import Callable

from fastapi import FastAPI

from bot.db.engine import check_reachable, open_engine
from bot.db.upgrade import upgrade
from bot.errors import BotError
from bot.gateway.app import create_app
from bot.gateway.brain_client import HttpBrain
from bot.gateway.logs import configure_logs
from bot.process import serve_app
from bot.settings import Settings, load_settings

Furnish = Callable[[FastAPI, Settings], None]


def serve_gateway(
    program: str, description: str, *, demo: bool = False, furnish: Furnish | None = None
) -> int:
    """Serve until a signal; returns the exit code.

    Args:
        program: The command line, for its own help.
        description: What that help says.
        demo: Make the demo's secrets, see `load_settings`.
        furnish: Adds to the application before it is served.
    """
    arguments = _parse(program, description)
    configure_logs()
    try:
        settings = load_settings(os.environ, demo=demo)
        engine = open_engine(settings.database_url)
        check_reachable(engine)
        upgrade(engine)
        brain = HttpBrain(
            arguments.brain_url or settings.brain_urls,
            token=settings.brain_token.get_secret_value(),
            timeout_s=settings.brain_timeout_s,
        )
        app = create_app(settings, engine=engine, brain=brain)
        if furnish is not None:
            furnish(app, settings)
        serve_app(app, host=arguments.host, port=arguments.port, parent_pid=arguments.parent_pid)
        engine.dispose()
    except BotError as error:
        sys.stderr.write(f"gateway: {error}\n")
        return error.exit_code
    return 0


def _parse(program: str, description: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=program, description=description)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--brain-url", action="append", help="instead of BOT_BRAIN_URLS")
    parser.add_argument("--parent-pid", type=int)
    return parser.parse_args()
