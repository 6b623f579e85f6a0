import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        # A shop may have forked these apps, with migrations of its own.
        ("order", "__first__"),
        ("partner", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="CancelReason",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=32)),
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bot_cancel_reason",
                        to="order.order",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SellerProfile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reply_hours",
                    models.PositiveIntegerField(
                        help_text="Within how many hours the seller usually answers."
                    ),
                ),
                (
                    "rating",
                    models.DecimalField(
                        blank=True, decimal_places=2, help_text="Of 5.", max_digits=3, null=True
                    ),
                ),
                (
                    "partner",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bot_profile",
                        to="partner.partner",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("actor", models.CharField(max_length=128)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("action", models.CharField(max_length=32)),
                ("from_status", models.CharField(max_length=32)),
                ("to_status", models.CharField(max_length=32)),
                ("detail", models.CharField(max_length=255, null=True)),
                ("idempotency_key", models.CharField(max_length=255, null=True)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bot_audit",
                        to="order.order",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "audit entries",
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("order", "action", "idempotency_key"),
                        name="order_store_change_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SellerMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "customer_id",
                    models.CharField(
                        blank=True,
                        help_text="The customer of the contract who sent it.",
                        max_length=128,
                    ),
                ),
                (
                    "author",
                    models.CharField(
                        choices=[("shopper", "the shopper"), ("seller", "the seller")],
                        default="seller",
                        max_length=16,
                    ),
                ),
                ("text", models.TextField()),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("idempotency_key", models.CharField(editable=False, max_length=255, null=True)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bot_messages",
                        to="order.order",
                    ),
                ),
            ],
            options={
                "ordering": ("sent_at", "pk"),
                "indexes": [
                    models.Index(
                        fields=["customer_id", "sent_at"], name="order_store_message_limit"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("order", "idempotency_key"), name="order_store_message_once"
                    )
                ],
            },
        ),
    ]
