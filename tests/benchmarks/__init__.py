"""`make bench`: how fast the bot answers, beside the same bot on stock Rasa.

Run it with `python -m tests.benchmarks`; what is measured and how: `docs/benchmarks.md`.
"""
