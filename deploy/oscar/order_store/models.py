"""What the contract needs and Oscar has no table for."""

from django.db import models
from django.utils import timezone


class SellerProfile(models.Model):
    """What Oscar does not know of a partner who answers shoppers."""

    partner = models.OneToOneField(
        "partner.Partner", on_delete=models.CASCADE, related_name="bot_profile"
    )
    reply_hours = models.PositiveIntegerField(
        help_text="Within how many hours the seller usually answers."
    )
    rating = models.DecimalField(
        max_digits=3, decimal_places=2, null=True, blank=True, help_text="Of 5."
    )

    def __str__(self) -> str:
        return f"{self.partner}: within {self.reply_hours} h"


class CancelReason(models.Model):
    """Why a shopper cancelled: a word of the contract."""

    order = models.OneToOneField(
        "order.Order", on_delete=models.CASCADE, related_name="bot_cancel_reason"
    )
    reason = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.reason


class SellerMessage(models.Model):
    """What shopper and seller wrote about an order; unlike Oscar's notes, both may read it."""

    SHOPPER, SELLER = "shopper", "seller"

    order = models.ForeignKey("order.Order", on_delete=models.CASCADE, related_name="bot_messages")
    customer_id = models.CharField(
        max_length=128, blank=True, help_text="The customer of the contract who sent it."
    )
    author = models.CharField(
        max_length=16, choices=[(SHOPPER, "the shopper"), (SELLER, "the seller")], default=SELLER
    )
    text = models.TextField()
    sent_at = models.DateTimeField(default=timezone.now)
    idempotency_key = models.CharField(max_length=255, null=True, editable=False)

    class Meta:
        ordering = ("sent_at", "pk")
        indexes = [
            models.Index(fields=["customer_id", "sent_at"], name="order_store_message_limit")
        ]
        constraints = [
            # NULL, which the seller's messages have, equals nothing.
            models.UniqueConstraint(
                fields=["order", "idempotency_key"], name="order_store_message_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.author} on {self.order}"


class AuditEntry(models.Model):
    """Who changed an order through the bot, when, and from which status of the contract to which.

    An order that is deleted takes its entries along, as it does with Oscar's own notes.
    """

    CANCEL, REASON = "cancel", "cancel_reason"

    order = models.ForeignKey("order.Order", on_delete=models.CASCADE, related_name="bot_audit")
    actor = models.CharField(max_length=128)
    at = models.DateTimeField(default=timezone.now)
    action = models.CharField(max_length=32)
    from_status = models.CharField(max_length=32)
    to_status = models.CharField(max_length=32)
    detail = models.CharField(max_length=255, null=True)
    idempotency_key = models.CharField(max_length=255, null=True)

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "audit entries"
        constraints = [
            models.UniqueConstraint(
                fields=["order", "action", "idempotency_key"], name="order_store_change_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.order} by {self.actor}"
