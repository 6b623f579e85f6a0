"""The pages and scripts that the gateway serves as they are."""

from pathlib import Path

from fastapi import FastAPI
from starlette.responses import FileResponse
from starlette.staticfiles import StaticFiles

WEB = Path(__file__).resolve().parent.parent / "web"


def mount_widget(app: FastAPI) -> None:
    """Serve the widget at `/web/widget/…`, and its entry at `/widget.js`."""
    app.mount("/web/widget", StaticFiles(directory=WEB / "widget", check_dir=False), "widget")


def mount_demo(app: FastAPI) -> None:
    """Serve the demo shop's page at `/`, and what belongs to it at `/web/demo/…`."""

    @app.get("/", include_in_schema=False)
    async def get_demo_page() -> FileResponse:
        return FileResponse(WEB / "demo" / "index.html")

    @app.get("/help/{page}", include_in_schema=False)
    async def get_help_page(page: str) -> FileResponse:  # noqa: ARG001 - one page shows them all
        return FileResponse(WEB / "demo" / "help.html")

    app.mount("/web/demo", StaticFiles(directory=WEB / "demo", check_dir=False), "demo")
