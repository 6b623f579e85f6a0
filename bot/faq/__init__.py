"""The help center: articles in files, readers that import them, and their way into Rasa."""
