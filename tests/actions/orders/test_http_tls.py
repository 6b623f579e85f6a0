"""The shop's own system behind TLS: trusted only with a certificate that can be checked."""

import ssl
import time
from contextlib import closing
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from actions.orders.http_store import open_http_store
from actions.orders.http_transport import HttpTransport, Request
from actions.orders.store import OrderStoreUnavailable, utc_now
from tests.actions.orders.faulty_server import FAULTS, faulty_server, says, says_json
from tests.actions.orders.store_serving import TOKEN

# Ample for a busy machine; without the deadline, a call would take as long as the server likes.
LONGEST_S = 10.0
EMPTY = says_json(200, {"orders": []})


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 that it signed itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "shop.test")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(utc_now() - timedelta(days=1))
        .not_valid_after(utc_now() + timedelta(days=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "shop.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_an_unknown_certificate_is_refused_before_the_token_is_sent(tls: ssl.SSLContext) -> None:
    with (
        faulty_server(EMPTY, tls=tls) as server,
        closing(open_http_store(server.address, TOKEN)) as store,
    ):
        with pytest.raises(OrderStoreUnavailable):
            store.list_orders("C100")
        assert (server.connections, server.received) == (1, [])


def test_a_certificate_that_the_machine_trusts_is_accepted(
    tls: ssl.SSLContext, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with (
        faulty_server(EMPTY, tls=tls) as server,
        closing(open_http_store(server.address, TOKEN)) as store,
    ):
        assert store.list_orders("C100") == []


@pytest.mark.parametrize("fault", ["trickles headers", "trickles a body", "never answers"])
def test_a_slow_answer_ends_at_the_deadline_too(
    tls: ssl.SSLContext, certificate: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with (
        faulty_server(FAULTS[fault], tls=tls) as server,
        closing(HttpTransport(server.address, TOKEN, deadline_s=1.0)) as transport,
    ):
        began_at = time.monotonic()
        with pytest.raises(OrderStoreUnavailable, match="Timeout"):
            transport.send(Request("GET", "/v1/orders"))
        assert time.monotonic() - began_at < LONGEST_S


def test_a_proxy_is_told_where_to_and_not_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        faulty_server(says(403, b"")) as proxy,
        closing(open_http_store("https://shop.test", TOKEN)) as store,
    ):
        monkeypatch.setenv("HTTPS_PROXY", proxy.address)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        with pytest.raises(OrderStoreUnavailable):
            store.list_orders("C100")
        asked = proxy.received[0]
    assert (asked.method, asked.target) == ("CONNECT", "shop.test:443")
    assert TOKEN not in str(asked.headers)


def test_a_proxy_that_is_slow_ends_at_the_deadline_too(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        faulty_server(FAULTS["trickles headers"]) as proxy,
        closing(HttpTransport("https://shop.test", TOKEN, deadline_s=0.5)) as transport,
    ):
        monkeypatch.setenv("HTTPS_PROXY", proxy.address)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        began_at = time.monotonic()
        with pytest.raises(OrderStoreUnavailable):
            transport.send(Request("GET", "/v1/orders"))
        assert time.monotonic() - began_at < LONGEST_S
