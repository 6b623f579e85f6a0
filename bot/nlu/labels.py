"""Names that reports, tests and other programs rely on; see the product's list of labels."""

OUT_OF_SCOPE = "out_of_scope"
INFORM = "inform"

PUBLIC_ENTITIES = frozenset({"order_number", "email", "size", "color", "model", "product"})
"""Entities that are values. The extractor also finds words that only point at something
(`order_reference`, `cancel_reason`); those are the dialogue's own affair."""
