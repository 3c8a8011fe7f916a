"""Text repair: bytes to characters, characters to readable ones. Pure functions.

The order matters: mojibake is repaired before control characters are removed, because a wrongly decoded curly quote
(`â€` and U+009D) still holds a control character that the repair needs.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from corpus.errors import SourceError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_LINE_ENDS = "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
# A pattern that begins with a class of characters is searched for several times faster than one with alternatives.
_LINE_END = re.compile(f"[{_LINE_ENDS}](?:(?<=\r)\n)?")
# Control and format characters (bidi, zero-width, tags), lone surrogates, private use and unassigned ones.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_LOST_APOSTROPHE = re.compile("(?<=[A-Za-z])\ufffd(?=(?:s|t|d|m|re|ve|ll)\\b)")
# No script in use stacks more than a few marks on one letter; hundreds of them are an attack on whoever draws them.
_MARKS = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
_MANY_MARKS = re.compile(f"({_MARKS}{_MARKS}{{3}}){_MARKS}+")
# Without one of these no text is bad by ftfy's rules, which take several times as long to ask.
_MAY_BE_BAD = re.compile("[^\x00-\x7f](?:[^\x00-\x7f]|(?<=[\x80-\x9fÂÃŒœ]))")
# What the error handler "surrogateescape" puts in place of a byte.
_WRONG_BYTE = re.compile("[\udc80-\udcff]")
_SPACES = re.compile(r"\s+")


def decode(data: bytes, declared: str | None = None) -> str:
    """The characters of a text file: by byte order mark, as UTF-16, UTF-8, as declared, or else Windows-1252.

    `declared` is a charset that the transport named; an HTML file may also name its own. Bytes that are wrong in an
    otherwise valid UTF-8 file are read one by one as Windows-1252. Raises SourceError for binary data.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data.decode(name, errors="replace")
    if _looks_utf16(data):
        return data.decode("utf-16-le" if data[1:2] == b"\x00" else "utf-16-be", errors="replace")
    if data.count(b"\x00") > len(data) // 100:
        raise SourceError("The file is binary, not text.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    named = _META_CHARSET.search(data[:4096])
    for charset in (declared, named[1].decode("ascii") if named else None):
        if charset and _known_charset(charset):
            return data.decode(charset, errors="replace")
    if _mostly_utf8(data):
        return _WRONG_BYTE.sub(_as_cp1252, data.decode("utf-8", errors="surrogateescape"))
    text = _WRONG_BYTE.sub(_as_cp1252, data.decode("cp1252", errors="surrogateescape"))
    head = text[:65536]
    if sum(unicodedata.category(ch) == "Cc" and ch not in "\t\n\r\x0c" for ch in head) > len(head) // 20:
        raise SourceError("The file's characters cannot be read in any known encoding.")
    return text


def repair(text: str) -> str:
    """Readable text: mojibake mended, NFC, unseen characters gone, every line end "\\n", every space a plain one.

    Tabs stay (they may separate the columns of a table); curly quotes and dashes stay as they are. Idempotent.
    """
    if any(end in text for end in (_LINE_ENDS if not text.isascii() else "\r")):
        text = _LINE_END.sub("\n", text.replace("\r\n", "\n"))
    return "\n".join([line if line.isascii() and line.isprintable() else _repaired(line) for line in text.split("\n")])


def tidy(text: str) -> str:
    """One line of readable text: `repair`, then every run of white space a single space."""
    if not text.isprintable():
        return " ".join(repair(text).split())
    # One line, and all white space in it plain spaces: nothing to repair where it is ASCII.
    if text.isascii() and "  " not in text:
        return text.strip()
    return " ".join(_repaired(text).split())


def has_more_words(text: str, than: int) -> bool:
    """Whether there are more words in a text; the rest of it is not cut into words to count them."""
    return len(text.split(None, than)) > than


def heading_key(heading: str) -> str:
    """A heading without footnote marks, emphasis, case and the mark at its end, to tell two spellings of it as one."""
    bare = re.sub(r"\[\^[^\]]*\]|[*_`]", "", heading)
    return _SPACES.sub(" ", bare).strip().rstrip("?:. ").casefold()


def _repaired(line: str) -> str:
    """Mended and made visible, again and again until nothing changes: what is taken out may have hidden a mistake."""
    while True:
        better = _visible(line if line.isascii() else _mend(line))
        if better == line:
            return line
        line = better


def _mend(line: str) -> str:
    if _MAY_BE_BAD.search(line):
        from ftfy import fix_encoding  # late: most sources need it for no line
        from ftfy.badness import is_bad

        line = fix_encoding(line) if is_bad(line) else line
    if "\ufffd" in line:
        line = _LOST_APOSTROPHE.sub("'", line).replace("\ufffd", "")
    return unicodedata.normalize("NFC", line)


def _visible(line: str) -> str:
    """A line in NFC without unseen characters; tabs kept, other spaces made plain."""
    # A printable one has nothing unseen in it, and no space but plain ones.
    seen = line if line.isprintable() else unicodedata.normalize("NFC", line.translate(_SEEN))
    return _MANY_MARKS.sub(r"\1", seen) if not seen.isascii() and _MANY_MARKS.search(seen) else seen


class _Seen(dict[int, int | None]):
    """A table for str.translate, filled as characters are met: unseen ones go, spaces become plain ones."""

    def __missing__(self, point: int) -> int | None:
        category = unicodedata.category(chr(point))
        self[point] = 0x20 if category == "Zs" else None if category in _UNSEEN and point != 9 else point
        return self[point]


_SEEN = _Seen()


def _looks_utf16(data: bytes) -> bool:
    """Without a byte order mark: nearly every second byte of the beginning is NUL, and only every second."""
    head = data[:2000]
    if len(head) < 4 or len(data) % 2:
        return False
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    return (odd > 0.7 * half and even < 0.05 * half) or (even > 0.7 * half and odd < 0.05 * half)


def _known_charset(name: str) -> bool:
    """Whether text can be decoded from it, and whether it says more than the tries before."""
    try:
        b"x".decode(name)
    except LookupError:
        return False
    return codecs.lookup(name).name not in {"utf-8", "utf-7", "utf-16", "utf-32"}


def _mostly_utf8(data: bytes) -> bool:
    """Whether valid multi-byte sequences are more frequent than bytes that are wrong in UTF-8."""
    wrong = data.decode("utf-8", errors="replace").count("\ufffd")
    valid = sum(0xC2 <= byte <= 0xF4 for byte in data) - wrong
    return valid > wrong


def _as_cp1252(escaped: re.Match[str]) -> str:
    """A byte that the surrounding encoding could not hold: as Windows-1252, or Latin-1 where that has no such byte."""
    byte = ord(escaped[0]) - 0xDC00
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)
