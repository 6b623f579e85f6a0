"""Plain ASGI middleware, one concern a file; the stack is put together in `app.py`."""
