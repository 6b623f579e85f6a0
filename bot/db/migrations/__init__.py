"""Alembic's scripts for the bot's own database; run by `bot db upgrade` and at start-up."""
