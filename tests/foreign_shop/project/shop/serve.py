"""Serve the shop on a port of the loopback address, said on standard output; 0 takes a free one."""

import os
import sys

from django.core.wsgi import get_wsgi_application
from waitress.server import create_server

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

if __name__ == "__main__":
    server = create_server(
        get_wsgi_application(), host="127.0.0.1", port=int(sys.argv[1]), threads=8
    )
    print(server.effective_port, flush=True)  # noqa: T201 - whoever started it waits for this line
    server.run()
