"""How many examples a property test tries: few at every run, many when a maintainer asks for them.

`TEST_EXAMPLES_FACTOR=50 pytest tests/actions` looks fifty times as long for what goes wrong.
"""

import os

FACTOR_VARIABLE = "TEST_EXAMPLES_FACTOR"


def examples(count: int) -> int:
    """Give the number of examples for this run, where `count` are enough for an ordinary one."""
    return count * int(os.environ.get(FACTOR_VARIABLE, "1"))
