"""A certificate of our own, so that phones on the same network can be tried over HTTPS (camera and scanner need it)."""

import datetime as dt
import ipaddress
import socket
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from wuyou.kernel import clock

LIFE = dt.timedelta(days=365)
RENEW_BEFORE = dt.timedelta(days=30)


def network_address() -> str:
    """The address phones on this network reach us by; 127.0.0.1 without a network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(
                ("192.0.2.1", 9)
            )  # a documentation address: nothing is sent, the system only picks the way out
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def certificate(folder: Path, addresses: list[str]) -> tuple[Path, Path]:
    """Certificate and key for the addresses, kept in `folder`; made anew when they do not fit or end soon."""
    cert, key = folder / "certificate.pem", folder / "key.pem"
    if not (cert.exists() and key.exists() and fits(cert.read_bytes(), addresses)):
        folder.mkdir(parents=True, exist_ok=True)
        made_cert, made_key = make(addresses)
        cert.write_bytes(made_cert)
        key.touch(mode=0o600)
        key.write_bytes(made_key)
    return cert, key


def fits(pem: bytes, addresses: list[str]) -> bool:
    """Whether a kept certificate still serves these addresses."""
    kept = x509.load_pem_x509_certificate(pem)
    names = kept.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    known = {str(name.value) for name in names}
    return set(addresses) <= known and kept.not_valid_after_utc > clock.now() + RENEW_BEFORE


def make(addresses: list[str]) -> tuple[bytes, bytes]:
    """A new self-signed certificate and its key, both PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Wuyou on this network")])
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(clock.now() - dt.timedelta(minutes=5))  # phones' clocks differ
        .not_valid_after(clock.now() + LIFE)
        .add_extension(x509.SubjectAlternativeName([general_name(address) for address in addresses]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return built.public_bytes(serialization.Encoding.PEM), private


def general_name(address: str) -> x509.GeneralName:
    """An address as a certificate names it: numbers apart from names."""
    try:
        return x509.IPAddress(ipaddress.ip_address(address))
    except ValueError:
        return x509.DNSName(address)
