"""Assembles `bot`. Heavy imports (Rasa, TensorFlow) happen inside the commands that need them."""

from __future__ import annotations

import sys

import typer

from bot.cli import (
    catalogue,
    chat,
    data,
    demo,
    evaluate,
    faq,
    models,
    parse,
    promote,
    serve,
    token,
    train,
    webhooks,
)
from bot.errors import BotError

app = typer.Typer(
    name="bot",
    help="A help-center chatbot that an online shop hosts itself.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("serve")(serve.serve)
app.command("chat")(chat.chat)
app.command("parse")(parse.parse)
app.command("train")(train.train)
app.command("catalogue")(catalogue.catalogue)
app.command("evaluate")(evaluate.evaluate)
app.command("models")(models.models)
app.command("promote")(promote.promote)
app.command("rollback")(promote.rollback)
app.command("token")(token.token)
app.command("webhooks")(webhooks.webhooks)
app.add_typer(faq.app, name="faq")
app.add_typer(data.app, name="db")
app.add_typer(demo.app, name="demo")


def main() -> None:
    """Run the command line; our own errors become one line and their exit code."""
    try:
        app()
    except BotError as error:
        sys.stderr.write(f"bot: {error}\n")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
