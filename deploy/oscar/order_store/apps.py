"""The Django app."""

from django.apps import AppConfig


class OrderStoreConfig(AppConfig):
    name = "order_store"
    label = "order_store"
    verbose_name = "Help-center bot"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks  # noqa: F401  # registers itself
        from .guard import watch_orders

        watch_orders()
