"""The pages and scripts that the gateway serves as they are."""

import gzip
import hashlib
from os import PathLike, stat_result
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.web.packing import ENTRY, pack

WEB = Path(__file__).resolve().parent.parent / "web"


class RevalidatedFiles(StaticFiles):
    """Files that browsers keep, but ask about each time: modules of two releases do not mix."""

    def file_response(
        self,
        full_path: PathLike[str] | str,
        stat_result: stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = "no-cache"
        return response


def mount_widget(app: FastAPI) -> None:
    """Serve the widget: its entry in one packed piece, and each module as it is."""
    packed = pack(WEB / "widget").encode()
    compressed = gzip.compress(packed, mtime=0)
    etag = f'"{hashlib.sha256(packed).hexdigest()[:16]}"'

    @app.get(f"/web/widget/{ENTRY}", include_in_schema=False)
    async def get_widget(request: Request) -> Response:
        headers = {"Cache-Control": "no-cache", "ETag": etag, "Vary": "Accept-Encoding"}
        if request.headers.get("If-None-Match") == etag:
            return Response(status_code=304, headers=headers)
        if "gzip" not in request.headers.get("Accept-Encoding", ""):
            return Response(packed, media_type="text/javascript", headers=headers)
        headers["Content-Encoding"] = "gzip"
        return Response(compressed, media_type="text/javascript", headers=headers)

    app.mount("/web/widget", RevalidatedFiles(directory=WEB / "widget", check_dir=False), "widget")
