"""Fetching a page without being led where nobody meant to go. The one importer of httpx in this room.

An address is resolved once, every address that it resolves to is checked, and the connection is made to the one
checked: a name cannot point elsewhere between the check and the connection. Each redirect goes the same way.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import threading
import time
import unicodedata
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from corpus.errors import SourceAway, SourceError
from ingest.sources import Bytes

if TYPE_CHECKING:
    from corpus.store import Fetched

DEADLINE_SECONDS = 20.0
MOST_BYTES = 10 * 1024 * 1024
MOST_REDIRECTS = 5
GONE = (404, 410, 451)  # the page's own server says that it is no longer to be had

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NUMERIC = re.compile(r"^(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+)){0,3}\.?$", re.IGNORECASE)
# Global by their range, but not the public Internet: a cloud's own services, and ways to write an IPv4 address as IPv6.
_REFUSED_NETWORKS = tuple(
    ipaddress.ip_network(text)
    for text in ("168.63.129.16/32", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")
)
_TEXT_TYPES = re.compile(r"^(?:text/|application/(?:xhtml\+xml|xml|octet-stream|pdf)|$)")


def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a host, by the system's resolver. Raises SourceAway where it has none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SourceAway(f"The address of {host} is not known; check the spelling and the network.") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public Internet: not loopback, private, link-local, metadata or multicast."""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    if any(address in network for network in _REFUSED_NETWORKS if network.version == address.version):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


@dataclass(frozen=True, slots=True)
class Web:
    """Fetches pages. The parts are named for tests; nothing outside the code can replace them.

    `resolver`: host and port -> addresses; `allowed`: whether an address may be asked; `transport`: what carries the
    requests, None for real connections.
    """

    resolver: Callable[[str, int], Sequence[str]] = resolve
    allowed: Callable[[Address], bool] = is_public
    transport: httpx.BaseTransport | None = None
    deadline: float = DEADLINE_SECONDS

    def fetch(self, address: str, known: Fetched | None = None) -> Bytes:
        """The page at an http or https address, empty and `unchanged` where it still is what is `known` of it.

        Raises SourceError, naming why: an address that is refused, a page that is gone (404, 410, 451), an answer that
        is no page, more than 10 MB. Raises SourceAway where that may pass: a host that cannot be reached, any other
        answer than 200, more than 20 seconds in all.
        """
        ends = time.monotonic() + self.deadline
        with httpx.Client(transport=self.transport, trust_env=False, follow_redirects=False, verify=True) as client:
            # Timeouts of the client bound each wait; what is sent drop by drop is ended by closing the connection.
            watch = threading.Timer(self.deadline, client.close)
            watch.daemon = True
            watch.start()
            try:
                return self._follow(client, address, known, ends)
            except httpx.HTTPError as error:
                if time.monotonic() >= ends:
                    raise SourceAway(f"{address} did not send its page within {self.deadline:.0f} seconds.") from error
                raise SourceAway(f"{address} could not be fetched ({_told(error)}).") from error
            except RuntimeError as error:
                # The client was closed under a request.
                if time.monotonic() < ends:
                    raise
                raise SourceAway(f"{address} did not send its page within {self.deadline:.0f} seconds.") from error
            finally:
                watch.cancel()

    def _follow(self, client: httpx.Client, address: str, known: Fetched | None, ends: float) -> Bytes:
        for _ in range(MOST_REDIRECTS + 1):
            url = _checked_url(address)
            # What one server calls a state of its page says nothing to another one on the way.
            asked = known if known is not None and known.address == str(url) else None
            request = self._request(client, url, asked, ends)
            response = client.send(request, stream=True)
            try:
                if response.status_code in (301, 302, 303, 307, 308) and "location" in response.headers:
                    address = str(url.join(response.headers["location"]))
                    continue
                if response.status_code == 304 and asked is not None:
                    return Bytes(b"", str(url), etag=asked.etag, modified=asked.modified, unchanged=True)
                return self._page(response, url, ends)
            finally:
                response.close()
        raise SourceAway(f"{address} was reached over more than {MOST_REDIRECTS} redirects; name the page itself.")

    def _request(self, client: httpx.Client, url: httpx.URL, known: Fetched | None, ends: float) -> httpx.Request:
        """A request to the address checked, that names the host as if it had been resolved now."""
        host = url.raw_host.decode("ascii")
        port = url.port or (443 if url.scheme == "https" else 80)
        addresses = [_parsed(text) for text in self._resolved(host, port)]
        if not addresses or not all(map(self.allowed, addresses)):
            raise SourceError(f"{host} is not a public address; only pages of the public web are fetched.")
        left = max(0.1, ends - time.monotonic())
        return client.build_request(
            "GET",
            url.copy_with(host=str(addresses[0]), fragment=None),
            headers={
                "Host": url.netloc.decode("ascii"),
                "User-Agent": "Waymark (reads pages that a person named)",
                "Accept": "text/html,application/xhtml+xml,text/plain,text/markdown;q=0.9",
                "Accept-Encoding": "identity",
                **_conditions(known),
            },
            timeout=httpx.Timeout(min(10.0, left)),
            extensions={"sni_hostname": host},
        )

    def _resolved(self, host: str, port: int) -> Sequence[str]:
        literal = host.strip("[]")
        try:
            return [str(ipaddress.ip_address(literal.split("%")[0]))]
        except ValueError:
            pass
        if _NUMERIC.match(literal):
            # 2130706433, 0x7f.1, 127.1: forms that the C library takes for addresses.
            try:
                return [socket.inet_ntoa(socket.inet_aton(literal.rstrip(".")))]
            except OSError:
                raise SourceError(f"{host} is no address that can be read.") from None
        return self.resolver(host.rstrip("."), port)

    def _page(self, response: httpx.Response, url: httpx.URL, ends: float) -> Bytes:
        if response.status_code != 200:
            kind = SourceError if response.status_code in GONE else SourceAway
            raise kind(f"{url} answered {response.status_code} {response.reason_phrase} and not with a page.")
        said = response.headers.get("content-type", "")
        if not _TEXT_TYPES.match(said.split(";")[0].strip().lower()):
            raise SourceError(f"{url} is of the type {said.split(';')[0]}, which is not read yet.")
        data = bytearray()
        for chunk in response.iter_raw():
            data += chunk
            if len(data) > MOST_BYTES:
                raise SourceError(f"{url} has more than {MOST_BYTES // 2**20} MB; such pages are not read.")
            if time.monotonic() >= ends:
                raise SourceAway(f"{url} did not send its page within {self.deadline:.0f} seconds.")
        body = _unpacked(bytes(data), response.headers.get("content-encoding", "identity"), str(url))
        etag, modified = (_repeatable(response.headers.get(name)) for name in ("etag", "last-modified"))
        return Bytes(body, str(url), said or None, response.charset_encoding, etag, modified)


def _conditions(known: Fetched | None) -> dict[str, str]:
    """The headers that ask for a page only if it is no longer what is known of it (RFC 9110, 13.1)."""
    if known is None:
        return {}
    told = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
    return {name: value for name, value in told.items() if value}


def _repeatable(value: str | None) -> str | None:
    """A header's value, if it is one that can be said back: short and printable."""
    return value if value and len(value) <= 1_000 and value.isascii() and value.isprintable() else None


def _checked_url(address: str) -> httpx.URL:
    """An address of the web without credentials. Raises SourceError."""
    try:
        url = httpx.URL(unicodedata.normalize("NFKC", address.strip()))
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise SourceError(f"{address} is no address that can be read.") from error
    if url.scheme not in ("http", "https"):
        raise SourceError(f"{address} is not fetched: only addresses that begin with http:// or https:// are.")
    if url.userinfo:
        raise SourceError("An address with a name or password in it is not fetched; take them out.")
    if not url.raw_host:
        raise SourceError(f"{address} names no host.")
    return url


def _parsed(text: str) -> Address:
    try:
        return ipaddress.ip_address(text.split("%")[0])
    except ValueError as error:
        raise SourceError(f"{text} is no address that can be read.") from error


def _unpacked(data: bytes, encoding: str, url: str) -> bytes:
    """The body as it was before compression, within the size that a page may have."""
    if encoding.lower() in ("", "identity"):
        return data
    if encoding.lower() not in ("gzip", "x-gzip", "deflate"):
        raise SourceError(f"{url} was sent compressed as {encoding}, which was not asked for.")
    try:
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
        body = unpacker.decompress(data, MOST_BYTES + 1)
    except zlib.error as error:
        raise SourceError(f"{url} was sent compressed and broken.") from error
    if len(body) > MOST_BYTES:
        raise SourceError(f"{url} has more than {MOST_BYTES // 2**20} MB; such pages are not read.")
    return body


def _told(error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "it took too long"
    return str(error) or type(error).__name__
