"""The gateway's process: `python -m bot.gateway --port 8080`."""

import argparse
import os
import sys

from bot.db.engine import check_reachable, open_engine
from bot.db.upgrade import upgrade
from bot.errors import BotError
from bot.gateway.app import create_app
from bot.gateway.brain_client import HttpBrain
from bot.gateway.logs import configure_logs
from bot.process import serve_app
from bot.settings import load_settings


def main() -> int:
    """Serve until a signal; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot.gateway", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--brain-url", action="append", help="instead of BOT_BRAIN_URLS")
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--parent-pid", type=int)
    arguments = parser.parse_args()
    configure_logs()
    try:
        settings = load_settings(os.environ, demo=arguments.demo)
        engine = open_engine(settings.database_url)
        check_reachable(engine)
        upgrade(engine)
        brain = HttpBrain(
            arguments.brain_url or settings.brain_urls,
            token=settings.brain_token.get_secret_value(),
            timeout_s=settings.brain_timeout_s,
        )
        app = create_app(settings, engine=engine, brain=brain)
        serve_app(app, host=arguments.host, port=arguments.port, parent_pid=arguments.parent_pid)
        engine.dispose()
    except BotError as error:
        sys.stderr.write(f"gateway: {error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
