"""The public part of the bot: sessions, conversations, limits and events over HTTP."""
