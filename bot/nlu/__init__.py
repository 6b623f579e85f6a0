"""Understanding: the sentence encoder and the Rasa components built on it."""
