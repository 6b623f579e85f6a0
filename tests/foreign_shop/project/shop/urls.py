"""The shop's own pages, its staff's pages, and what the bot is answered."""

from django.apps import apps
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("bot-api/", include("order_store.urls")),
    path("", include(apps.get_app_config("oscar").urls[0])),
]
