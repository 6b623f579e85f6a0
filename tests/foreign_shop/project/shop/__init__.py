"""A shop on django-oscar as its owner would set it up, without the bot in mind."""
