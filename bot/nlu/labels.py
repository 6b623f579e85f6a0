"""Names that reports, tests and other programs rely on; see the product's list of labels."""

OUT_OF_SCOPE = "out_of_scope"
INFORM = "inform"

CLARIFY = "clarify"
"""Key of a message's labels to ask about, most likely first; absent where one is believed."""

LIKENESS = "likeness"
"""Key of how like a training message of its label a message is: a cosine."""

PARTS = "parts"
"""Key of a message's questions, where there are several; each is described like a message."""

PUBLIC_ENTITIES = frozenset({"order_number", "email", "size", "color", "model", "product"})
"""Entities that are values. The extractor also finds words that only point at something
(`order_reference`, `cancel_reason`); those are the dialogue's own affair."""

RULE_FILE = "rule.json"
"""In a trained model, beside the classifier's numbers: its `threshold` and `ask_from`."""
