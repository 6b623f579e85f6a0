"""Conversations as files: read, held with a real bot, checked, and recorded from a live chat."""
