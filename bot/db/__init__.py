"""The bot's own database: tables, engine and migrations."""
