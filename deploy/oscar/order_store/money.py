"""From Oscar's decimal amounts to minor units.

The digits are those of ISO 4217. Babel, which Oscar prints prices with, follows what people use in
daily life, and has none for the Iraqi dinar or the Albanian lek.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_OTHER_THAN_TWO: Final = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMN TND",
    4: "CLF UYW",
}
_DIGITS: Final = {
    currency: digits for digits, codes in _OTHER_THAN_TWO.items() for currency in codes.split()
}


def to_minor(amount: Decimal, currency: str) -> int:
    """Give the amount in minor units of the currency (ISO 4217)."""
    return int(amount.scaleb(_DIGITS.get(currency, 2)).to_integral_value(ROUND_HALF_UP))
