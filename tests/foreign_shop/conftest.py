from tests.foreign_shop.fixtures import oscar_python, oscar_shop, oscar_world

__all__ = ["oscar_python", "oscar_shop", "oscar_world"]
