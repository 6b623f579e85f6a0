"""The demo shop around the bot: its pages, its customers, and their orders as the bot sees them."""
