"""Which picture shows a product, in the color that is meant where there is one of it."""

import re
from collections.abc import Mapping
from pathlib import Path

_NOT_NAME = re.compile("[^a-z0-9]+")
_UNKNOWN = "parcel"


class Pictures:
    """The pictures of one folder: `P01.svg`, `P01-red.svg`, and `parcel.svg` for all others."""

    def __init__(self, folder: Path, *, address: str) -> None:
        self._names = frozenset(path.stem for path in folder.glob("*.svg"))
        self._address = address

    def find(self, product_id: str, attributes: Mapping[str, str]) -> str:
        """Return the address of the picture of a variant."""
        values = (_NOT_NAME.sub("-", value.lower()).strip("-") for value in attributes.values())
        names = (*(f"{product_id}-{value}" for value in values), product_id)
        name = next((name for name in names if name in self._names), _UNKNOWN)
        return f"{self._address}/{name}.svg"
