"""What shoppers, shops and brains write, made safe to store: text stays data.

Control characters mean nothing in a chat, and PostgreSQL cannot hold NUL, so they are dropped;
line breaks stay. Lone surrogates never get here: the JSON parsers of requests and answers refuse
them.
"""

import re

MAX_TEXT_CHARS = 2000

_LINE_BREAK = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def clean_text(text: str) -> str:
    """Return the text without control characters and outer white space."""
    return _CONTROL.sub("", _LINE_BREAK.sub("\n", text).replace("\t", " ")).strip()


def clean_line(text: str) -> str:
    """Return the text as one line, for names and titles."""
    return " ".join(clean_text(text).split())
