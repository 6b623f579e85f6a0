"""The reference server of the order store's HTTP contract, an example for a shop's own."""
