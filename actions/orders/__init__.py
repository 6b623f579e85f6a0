"""The shop's orders: what they are, what is allowed, and the stores that hold them."""
