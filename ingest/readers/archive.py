"""ZIP archives that hold a document, read with care: nothing is unpacked to disk, and what is inflated is counted.

An archive can hold ten bytes that become ten gigabytes, names that point out of it, and XML whose entities name
themselves. None of it is followed: members are looked up by their exact name, a budget covers all that is inflated,
and XML that declares entities is refused.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from urllib.parse import unquote

from lxml import etree

from corpus.errors import SourceError

MOST_MEMBERS = 10_000
# All that is inflated of one archive. The text of a thick book has a few MB.
MOST_BYTES = 64 * 1024 * 1024
_ENTITY = re.compile(rb"<!(?:ENTITY|DOCTYPE[^>]{0,2000}\[)", re.IGNORECASE)


class Archive:
    """An open archive. Raises SourceError, in a sentence, for one that is broken, locked or grows too large."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise _broken(error) from None
        if len(self._zip.infolist()) > MOST_MEMBERS:
            raise SourceError(f"The file is an archive of more than {MOST_MEMBERS:,} parts and is not read.")
        self._left = MOST_BYTES
        self.names = frozenset(self._zip.namelist())

    def read(self, name: str) -> bytes:
        """One member, b"" where there is none of that name."""
        if name not in self.names:
            return b""
        member = self._zip.getinfo(name)
        if member.flag_bits & 1:
            raise SourceError("The file is locked with a password; save a copy without one and ingest that.")
        if member.file_size > self._left:
            raise _bomb()
        try:
            with self._zip.open(member) as file:
                data = file.read(self._left + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError) as error:
            raise _broken(error) from None
        self._left -= len(data)
        if self._left < 0:
            raise _bomb()
        return data

    def xml(self, name: str) -> etree._Element | None:
        """The root of an XML member, None where there is none of that name."""
        data = self.read(name)
        return parse_xml(data) if data.strip() else None

    def resolve(self, base: str, reference: str) -> str:
        """The member that a reference in the member `base` names; "" where it is none of this archive's."""
        path = unquote(reference.split("#")[0])
        name = posixpath.normpath(posixpath.join("/", posixpath.dirname(base), path)).lstrip("/")
        return name if name in self.names else ""


def parse_xml(data: bytes) -> etree._Element:
    """The root of an XML document. Raises SourceError where it is broken, too deep or declares entities."""
    if _ENTITY.search(data[:100_000]):
        raise SourceError("The file declares entities of its own, which documents do not need and attacks use.")
    try:
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceError(f"The file is broken: its XML cannot be read ({_short(error)}).") from None


def local(node: etree._Element) -> str:
    """The name of an element without its namespace, "" for comments and the like."""
    tag = node.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(node: etree._Element | None, name: str) -> str:
    """An attribute by its name without its namespace, "" where it is not given."""
    if node is None:
        return ""
    for key, value in node.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return ""


def child(node: etree._Element | None, *path: str) -> etree._Element | None:
    """The first element below along a path of names without namespaces."""
    for name in path:
        if node is None:
            return None
        node = next((inner for inner in node if local(inner) == name), None)
    return node


def _bomb() -> SourceError:
    return SourceError(
        f"The file grows to more than {MOST_BYTES // 2**20} MB when it is unpacked (a ZIP bomb?) and is not read."
    )


def _broken(error: Exception) -> SourceError:
    return SourceError(f"The file is a broken archive and cannot be unpacked ({_short(error)}); save it anew.")


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:120] if str(error) else type(error).__name__
