"""The order store's HTTP contract, answered by a shop on django-oscar."""
