"""The shop's products as data: for the cart, which pages keep in the browser."""

from fastapi import APIRouter

from bot.demo_shop.shelves import Product, Shelves
from bot.gateway.model import Value


class ProductList(Value):
    """Everything that is for sale."""

    products: tuple[Product, ...]


def products_router(shelves: Shelves) -> APIRouter:
    """Return the endpoint that lists the shop's products."""
    router = APIRouter(prefix="/demo", tags=["demo"])
    found = ProductList(products=shelves.listed)

    @router.get("/products")
    async def list_products() -> ProductList:
        """List the products that are for sale, with prices and the stock they began with."""
        return found

    return router
