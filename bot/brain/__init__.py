"""The brain: one process, one event loop, one Rasa model, our actions inside it."""
