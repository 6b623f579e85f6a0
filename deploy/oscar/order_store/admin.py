"""Where sellers read and answer messages, and staff reads what the bot changed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from .models import AuditEntry, SellerMessage, SellerProfile


@admin.register(SellerMessage)
class SellerMessageAdmin(admin.ModelAdmin):
    """A message added here is the seller's; what was sent stays as it was."""

    list_display = ("order", "author", "text", "sent_at")
    list_filter = ("author",)
    search_fields = ("order__number", "text")
    raw_id_fields = ("order",)
    fields = ("order", "text")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.author = SellerMessage.SELLER
        obj.save()


@admin.register(SellerProfile)
class SellerProfileAdmin(admin.ModelAdmin):
    list_display = ("partner", "reply_hours", "rating")


@admin.register(AuditEntry)
class AuditEntryAdmin(admin.ModelAdmin):
    list_display = ("at", "order", "action", "from_status", "to_status", "actor", "detail")
    search_fields = ("order__number", "actor")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
