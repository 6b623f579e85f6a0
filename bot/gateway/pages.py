"""The pages and scripts that the gateway serves as they are."""

import hashlib
from collections.abc import Awaitable, Callable
from os import PathLike, stat_result
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.web.packing import Packed, packed_files

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
    """Serve the widget: its entry and languages packed, and each other module as it is."""
    for name, packed in packed_files(WEB / "widget").items():
        app.add_api_route(f"/web/widget/{name}", _serve(packed), include_in_schema=False)
    app.mount("/web/widget", RevalidatedFiles(directory=WEB / "widget", check_dir=False), "widget")


def _serve(packed: Packed) -> Callable[[Request], Awaitable[Response]]:
    etag = f'"{hashlib.sha256(packed.content).hexdigest()[:16]}"'

    async def get_packed(request: Request) -> Response:
        headers = {"Cache-Control": "no-cache", "ETag": etag, "Vary": "Accept-Encoding"}
        if request.headers.get("If-None-Match") == etag:
            return Response(status_code=304, headers=headers)
        if "gzip" not in request.headers.get("Accept-Encoding", ""):
            return Response(packed.content, media_type="text/javascript", headers=headers)
        headers["Content-Encoding"] = "gzip"
        return Response(packed.compressed, media_type="text/javascript", headers=headers)

    return get_packed
