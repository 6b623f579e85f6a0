import pytest

from actions.orders.http_address import check_address, check_token, is_http
from actions.orders.http_store import open_http_store
from actions.orders.store import OrderStoreUrlError

PASSWORD = "hunter2"


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://shop.example.com", "https://shop.example.com"),
        ("https://shop.example.com/bot-api/", "https://shop.example.com/bot-api"),
        (" HTTPS://Shop.example.com:8443\n", "https://shop.example.com:8443"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("http://127.0.0.1:8070", "http://127.0.0.1:8070"),
        ("http://localhost:8070/", "http://localhost:8070"),
        ("http://[::1]:8070", "http://[::1]:8070"),
    ],
)
def test_an_address_may_be_https_or_on_this_machine(url: str, address: str) -> None:
    assert is_http(url.strip())
    assert check_address(url) == address


@pytest.mark.parametrize(
    ("url", "fix"),
    [
        ("http://shop.example.com", "use https://"),
        ("http://10.0.0.5:8070", "use https://"),
        ("http://127.0.0.1.example.com", "use https://"),
        ("http://2130706433", "use https://"),
        ("https://", "write it as"),
        ("https://:8443", "write it as"),
        ("https://shop.example.com:port", "write it as"),
        ("https://shop example.com", "write it as"),
        (f"https://bot:{PASSWORD}@shop.example.com", "leave them out"),
        (f"https://shop.example.com/?key={PASSWORD}", "write only what comes before /v1"),
        ("https://shop.example.com/bot-api/v1/", "leave that out"),
        ("https://shop.example.com/#a", "write only what comes before /v1"),
    ],
)
def test_any_other_is_refused_with_what_to_write_instead(url: str, fix: str) -> None:
    with pytest.raises(OrderStoreUrlError) as refusal:
        check_address(url)
    assert fix in str(refusal.value)
    assert PASSWORD not in str(refusal.value)


@pytest.mark.parametrize("token", [None, "", "two words", "line\nbreak", "naïve"])
def test_without_a_token_that_can_be_sent_nothing_is_opened(token: str | None) -> None:
    with pytest.raises(OrderStoreUrlError, match="ORDER_STORE_TOKEN"):
        check_token(token)
    with pytest.raises(OrderStoreUrlError, match="ORDER_STORE_TOKEN"):
        open_http_store("https://shop.example.com", token)


@pytest.mark.parametrize("url", ["sqlite:///orders.sqlite3", "postgresql://db/shop", ""])
def test_a_database_is_no_shops_own_system(url: str) -> None:
    assert not is_http(url)
