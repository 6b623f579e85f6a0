"""The brain's process: `python -m bot.brain --port 8090`."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from pathlib import Path

from bot.brain.app import BrainApp
from bot.brain.live_model import LiveModel, Load
from bot.brain.model_folder import LIVE_MODEL
from bot.brain.rasa_environment import prepare_rasa
from bot.db.engine import open_engine
from bot.errors import BotError
from bot.process import Stop, serve_app
from bot.settings import Settings, load_settings


def main() -> int:
    """Serve until a signal; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot.brain", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--model", type=Path, default=LIVE_MODEL)
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--parent-pid", type=int)
    arguments = parser.parse_args()
    try:
        settings = load_settings(os.environ, demo=arguments.demo)
        stop = Stop()
        app = build_app(settings, arguments.model, stop)
        serve_app(
            app.build(),
            host=arguments.host,
            port=arguments.port,
            parent_pid=arguments.parent_pid,
            stop=stop,
        )
        if app.failure is not None:
            raise app.failure
    except BotError as error:
        sys.stderr.write(f"brain: {error}\n")
        return error.exit_code
    return 0


def build_app(settings: Settings, model: Path, stop: Stop) -> BrainApp:
    """Put the brain together; the model is loaded after the start."""
    engine = open_engine(settings.database_url)

    def prepare() -> Load:
        prepare_rasa()
        # Rasa takes seconds to import; the port answers "not ready" meanwhile.
        from threadpoolctl import threadpool_limits

        from bot.brain.bootstrap import RunnerFactory

        # The matrices of one message are small: handing parts of them to other threads costs more
        # than computing them, and takes the processor from the gateway.
        threadpool_limits(limits=1, user_api="blas")
        # What was imported stays for good; to look through it at every collection of garbage would
        # hold up turns for a quarter of a second.
        gc.collect()
        gc.freeze()
        return RunnerFactory(engine, settings).build

    live = LiveModel(model, prepare)
    return BrainApp(live, settings.brain_token.get_secret_value(), stop=stop)


if __name__ == "__main__":
    sys.exit(main())
