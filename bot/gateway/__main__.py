"""The gateway's process: `python -m bot.gateway --port 8080`."""

import sys

from bot.gateway.process import serve_gateway


def main() -> int:
    """Serve until a signal; returns the exit code."""
    return serve_gateway("python -m bot.gateway", __doc__)


if __name__ == "__main__":
    sys.exit(main())
