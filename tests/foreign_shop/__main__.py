"""Serve the foreign shop by hand: `python -m tests.foreign_shop --port 8071`."""

import argparse
import signal
import tempfile
import threading
from pathlib import Path

from tests.foreign_shop.serving import TOKEN, fill, install, serving
from tests.foreign_shop.staff import NAME


def main() -> None:
    parser = argparse.ArgumentParser(
        description="A new shop on django-oscar, with the demo's data."
    )
    parser.add_argument("--port", type=int, default=8071)
    parser.add_argument("--database", default="", help="a PostgreSQL URL; SQLite if left out")
    arguments = parser.parse_args()
    python = install()
    stopped = threading.Event()
    for wish in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wish, lambda *_: stopped.set())
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder)
        fill(python, arguments.database, state)
        with serving(python, state, arguments.database, port=arguments.port) as address:
            print(  # noqa: T201 - a program for engineers
                f"The shop's office is at {address}/dashboard/, user and password {NAME}.\n"
                f"ORDER_STORE_URL={address}/bot-api ORDER_STORE_TOKEN={TOKEN} bot chat --as C100",
                flush=True,
            )
            stopped.wait()


if __name__ == "__main__":
    main()
