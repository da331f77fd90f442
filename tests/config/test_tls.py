"""The certificate for trying phones."""

import datetime as dt
import ssl
from pathlib import Path

import pytest
from cryptography import x509

from wuyou.config import tls
from wuyou.kernel import clock

ADDRESSES = ["127.0.0.1", "192.0.2.7", "localhost"]


def test_it_names_the_addresses_and_ends_in_a_year(tmp_path: Path, moment: dt.datetime) -> None:
    cert, key = tls.certificate(tmp_path, ADDRESSES)
    made = x509.load_pem_x509_certificate(cert.read_bytes())
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert sorted(str(name.value) for name in names) == ADDRESSES
    assert made.not_valid_after_utc == moment + dt.timedelta(days=365)
    assert key.stat().st_mode & 0o077 == 0


def test_a_server_can_use_it(tmp_path: Path) -> None:
    cert, key = tls.certificate(tmp_path, ADDRESSES)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    assert context.cert_store_stats() == {"x509": 0, "crl": 0, "x509_ca": 0}


@pytest.mark.parametrize(
    ("later", "addresses", "is_kept"),
    [
        (dt.timedelta(days=300), ADDRESSES, True),
        (dt.timedelta(days=300), ["localhost"], True),
        (dt.timedelta(days=340), ADDRESSES, False),
        (dt.timedelta(days=1), [*ADDRESSES, "192.0.2.8"], False),
    ],
)
def test_it_is_kept_while_it_fits(
    tmp_path: Path, moment: dt.datetime, later: dt.timedelta, addresses: list[str], is_kept: bool
) -> None:
    before = tls.certificate(tmp_path, ADDRESSES)[0].read_bytes()
    with clock.at(moment + later):
        after = tls.certificate(tmp_path, addresses)[0].read_bytes()
    assert (after == before) is is_kept


def test_our_address_is_a_number() -> None:
    assert len(tls.network_address().split(".")) == 4
