"""When a parcel arrives: the shipping code says within how many hours, as in `express-48h`."""

import re
from datetime import datetime, timedelta
from typing import Any


def expected(order: Any, shipped: Any) -> datetime | None:
    promise = re.search(r"-(\d+)h$", order.shipping_code)
    if promise is None:
        return None
    arrival: datetime = shipped.date_created + timedelta(hours=int(promise[1]))
    return arrival
