"""Scores, reports, the comparison of models, and which one is live."""
