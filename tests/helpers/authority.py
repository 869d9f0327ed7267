"""A certificate authority of our own, for servers on loopback."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass(frozen=True)
class Authority:
    """An own certificate authority: its certificate as a PEM file, and what a server of the names it vouches for needs."""

    ca_file: Path
    server: ssl.SSLContext


def make_authority(
    folder: Path, names: Sequence[str] = ("127.0.0.1", "server.test"), http2: bool = True, valid_until_h: int = 1
) -> Authority:
    """Make one, and a server's certificate, which is valid for an hour, or was until then."""
    now = datetime.datetime.now(datetime.UTC)

    def certificate(name: str, key: Any, issuer: str, issuer_key: Any, extensions: Sequence[tuple[Any, bool]]) -> Any:
        def named(common: str) -> Any:
            return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common)])

        builder = x509.CertificateBuilder(named(issuer), named(name), key.public_key(), x509.random_serial_number())
        until = now + datetime.timedelta(hours=1 if name == "ca" else valid_until_h)
        builder = builder.not_valid_before(now - datetime.timedelta(hours=2)).not_valid_after(until)
        for extension, is_critical in extensions:
            builder = builder.add_extension(extension, is_critical)
        return builder.sign(issuer_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    shown = [x509.DNSName(name) if not name[0].isdigit() else x509.IPAddress(ipaddress.ip_address(name)) for name in names]
    ca_file, server_file = folder / "ca.pem", folder / "server.pem"
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    ca_file.write_bytes(certificate("ca", ca_key, "ca", ca_key, [(x509.BasicConstraints(True, None), True), (usage, True)]))
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    server_file.write_bytes(private + certificate("server", key, "ca", ca_key, [(x509.SubjectAlternativeName(shown), False)]))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server_file)
    context.set_alpn_protocols(["h2", "http/1.1"] if http2 else ["http/1.1"])
    return Authority(ca_file, context)
