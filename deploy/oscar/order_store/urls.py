"""Where the contract's addresses lead; the shop includes them under a prefix of its choice."""

from django.urls import path, re_path

from . import views

app_name = "order_store"

urlpatterns = [
    path("v1/orders", views.orders),
    path("v1/orders/<str:number>", views.order),
    path("v1/orders/<str:number>/cancellation", views.cancellation),
    path("v1/orders/<str:number>/cancel-reason", views.cancel_reason),
    path("v1/orders/<str:number>/messages", views.messages),
    path("v1/guest-order-search", views.guest_order_search),
    path("v1/purchase-facts", views.purchase_facts),
    path("v1/products", views.products),
    re_path("", views.anything_else),
]
