"""Where the sentences of a run of English prose begin and end. Pure.

Rules, not a model: a full stop ends a sentence unless it belongs to an abbreviation, an initial, a number or a name,
or stands inside brackets or quotation marks that close again. In doubt two sentences stay together: a sentence that
is cut in the middle says something that nobody said.
"""

from __future__ import annotations

import re

# Longer than any sentence that is written to be read: cut so that a passage keeps to its size.
LONGEST_WORDS = 300
LONGEST_CHARS = 2_400
_PIECE_WORDS = 120
_PIECE_CHARS = 900

# Stops of one kind, what closes behind them, and white space. A pattern that begins with a class of characters is
# searched for several times faster than one that begins with alternatives.
_END = re.compile(
    r"(?P<mark>[.!?…。！？؟।](?:(?<=[.!?…])[.!?…]*|(?<=[。！？؟।])[。！？؟।]*))(?P<closers>[\"'”’»)\]]*)(?P<space>\s*)"
)
_BETWEEN_TOKENS = re.compile(r"[\s(\[\"“‘—–/]")
_OPENERS = "\"'“‘«([¿¡*"
# Full stops behind these never end a sentence; those below may, if what follows begins like one.
_NEVER = frozenset(
    """dr mr mrs ms mx prof st mt ft vs v cf e.g eg i.e ie viz approx ca c fig figs eq sec ch vol vols no nos nr pp p
    ed eds gen sen rep gov lt col sgt capt cpt maj adm rev hon pres supt univ dept assn bros est ext tel al resp incl
    excl min max avg misc abbr esp spec ref refs art arts para trans jan feb mar apr jun jul aug sep sept oct nov dec
    mon tue tues wed thu thur thurs fri ave blvd rd hwy""".split()
)
_MAYBE = frozenset(
    """inc ltd co corp llc plc u.s u.k u.s.a u.n e.u d.c n.y l.a ph.d m.d b.a b.s b.sc m.a m.s m.sc m.b.a j.d d.phil
    ed.d m.eng b.eng m.phil r.n c.v a.m p.m a.d b.c etc jr sr esq hr hrs mo mos yr yrs wk wks al""".split()
)
_DOTTED = re.compile(r"^(?:[A-Za-z]\.)+[A-Za-z]$")
_STARTERS = frozenset(
    """a about above according across additionally after afterwards all along also although among an and another any
    anyone are as ask at avoid be because become before being below besides between beyond both build but by can
    check choose consider could despite do does don't during each either employers even every everyone everything
    few finally find first follow for from furthermore generally get given have he hence her here his how however
    i i'll i'm i've if in indeed instead is it it's its just keep last later learn less let like likewise look
    make many maybe median meanwhile more moreover most much my nearly neither never nevertheless next no nobody
    none nonetheless nor not nothing now of often on once one only open or other others otherwise our overall
    people perhaps plan practice practise read recently remember second similarly since so some someone sometimes
    soon start still such take talk than that that's the their then there there's therefore these they they're
    they've this those though through thus to today together too two typically under unless unlike until up use
    usually we we'll we're we've well what what's when where whether which while who whose why will with within
    without workers write yet you you'll you're you've your""".split()
)
_NAME_DOTS = re.compile(r"(?:yahoo|jeopardy|which)!\Z", re.IGNORECASE)
_GLUED = re.compile(r"[a-z]{3}\Z")
_WORD_AHEAD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_BRACKETS = re.compile(r"[()\[\]“”«»\"]")
_PAIRS = {"(": ")", "[": "]", "“": "”", "«": "»"}
# A bracket or quotation mark that has not closed after so many characters was a slip, or is no matter.
_REACH = 320


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence of a paragraph, in order, white space between them left out.

    Every character that is not white space is in exactly one span; no span is empty or begins or ends with space.
    """
    spans: list[tuple[int, int]] = []
    start = _skip_space(text, 0)
    closed: _Closings | None = None
    for match in _END.finditer(text):
        end = match.end("closers")
        if end <= start or not _is_boundary(text, match, start):
            continue
        if end < len(text):
            closed = closed or _Closings(text)
            if closed.inside(match.start(), end, start):
                continue
        spans.append((start, end))
        start = match.end()
    last = len(text.rstrip())
    if start < last:
        spans.append((start, last))
    if _is_short(text, 0, len(text)):
        return spans
    return [piece for span in spans for piece in _pieces(text, *span)]


def _is_boundary(text: str, match: re.Match[str], start: int) -> bool:
    """Whether the stop at a place ends a sentence that began at `start`."""
    ahead = match.end()
    mark = match["mark"]
    if match.end("closers") >= len(text) or mark[0] in "。！？":
        return True
    if not match["space"]:
        return _glued(text, match)
    following = text[ahead : ahead + 40].lstrip(_OPENERS)
    if not following:
        return True
    first = following[0]
    if first.islower():
        return False
    if mark[0] in "!?" or mark[-1] in "!?":
        return not _NAME_DOTS.search(text[max(start, match.start() - 12) : match.start() + 1])
    if len(mark) > 1 or mark == "…":
        return first.isupper() or first.isdigit()
    return _full_stop_ends(text, match.start(), start, following)


def _full_stop_ends(text: str, stop: int, start: int, following: str) -> bool:
    """Whether a single full stop with space behind it ends a sentence; `following` begins no small letter."""
    word = text[max(start, stop - 40) : stop].rpartition(" ")[2]
    if not word.isalpha():
        word = _BETWEEN_TOKENS.split(word)[-1]
    low = word.lower().lstrip("(").strip("'’")
    if stop - start <= 12 and text[start:stop].strip(" ([") == word and (word.isdigit() or len(word) == 1):
        return False  # "1. Begin": a number or letter that counts what follows
    if len(word) != 1 and low not in _NEVER and low not in _MAYBE and "." not in word:
        return True
    next_word = _WORD_AHEAD.match(following)
    starts = bool(next_word and next_word[0].lower().replace("’", "'") in _STARTERS)
    if low in _NEVER:
        if low in ("no", "nos", "nr"):
            return not following[:1].isdigit()
        # The months and short words are words too: "in May.", "the max."
        return starts and low in (
            "max",
            "min",
            "art",
            "ref",
            "est",
            "sec",
            "fig",
            "ext",
            "v",
            "c",
            "p",
            "mar",
            "sept",
            "dec",
        )
    if low in _MAYBE or _DOTTED.match(word):
        return starts
    if len(word) == 1 and word.isalpha() and word.isupper():
        return _ends_on_letter(text, stop, start, word, following, starts=starts)
    return True


def _ends_on_letter(text: str, stop: int, start: int, letter: str, following: str, *, starts: bool) -> bool:
    """Behind a single capital: an initial (`Stephen J. Bigelow`), or the end (`such as Python and R.`)?"""
    before = text[max(start, stop - 40) : stop - 1].split()
    previous = before[-1] if before else ""
    if starts and not previous[:1].isupper():
        return True
    if letter in "RC" and previous.rstrip(",").lower() in (
        "and",
        "or",
        "in",
        "with",
        "to",
        "python",
        "as",
        "sql",
        "for",
    ):
        words = following.split()
        return starts or (len(words) > 1 and words[1][:1].islower())
    return False


def _glued(text: str, match: re.Match[str]) -> bool:
    """A missing space behind a full stop (`learning.The field`): only between a whole word and a sure beginning."""
    if match[0] not in (".", "!", "?") or not _GLUED.search(text[max(0, match.start() - 3) : match.start()]):
        return False
    ahead = _WORD_AHEAD.match(text[match.end() : match.end() + 20])
    return bool(ahead and ahead[0][0].isupper() and len(ahead[0]) > 1 and ahead[0].lower() in _STARTERS)


class _Closings:
    """Brackets and quotation marks that are open at a place and close again soon."""

    def __init__(self, text: str) -> None:
        self._spans: list[tuple[int, int]] = []
        open_: list[tuple[str, int]] = []
        quote = -1
        for match in _BRACKETS.finditer(text):
            sign, at = match[0], match.start()
            if sign == '"':
                if quote >= 0 and at - quote <= _REACH:
                    self._spans.append((quote, at))
                    quote = -1
                else:
                    quote = at
            elif sign in _PAIRS:
                open_.append((sign, at))
                del open_[:-8]
            else:
                found = next((n for n in range(len(open_) - 1, -1, -1) if _PAIRS[open_[n][0]] == sign), None)
                if found is not None:
                    begin = open_[found][1]
                    del open_[found:]
                    if at - begin <= _REACH:
                        self._spans.append((begin, at))
        self._spans.sort()
        self._at = 0
        self._furthest: tuple[int, int] = (-1, -1)

    def inside(self, stop: int, end: int, start: int) -> bool:
        """Whether a stop is inside a pair that opened in this sentence and closes behind the stop's own closers.

        To be asked in the order of the text. A pair that is the whole sentence so far does not hold it back.
        """
        while self._at < len(self._spans) and self._spans[self._at][0] < stop:
            if self._spans[self._at][1] > self._furthest[1]:
                self._furthest = self._spans[self._at]
            self._at += 1
        opened, closes = self._furthest
        return start <= opened < stop and closes >= end


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A sentence beyond all measure in pieces that end at white space where there is any; others unchanged."""
    if _is_short(text, start, end):
        return [(start, end)]
    pieces: list[tuple[int, int]] = []
    while start < end:
        limit = min(end, start + _PIECE_CHARS)
        words = 0
        at = start
        cut = 0
        for space in re.finditer(r"\s+", text[start : limit + 1]):
            words += 1
            cut = start + space.start()
            at = start + space.end()
            if words >= _PIECE_WORDS:
                break
        if limit == end and words < _PIECE_WORDS:
            pieces.append((start, end))
            break
        if not cut or cut <= start:
            cut = at = limit
        pieces.append((start, cut))
        start = _skip_space(text, at)
    return pieces


def _is_short(text: str, start: int, end: int) -> bool:
    """Whether what stands there is no longer than a sentence may be."""
    return end - start <= LONGEST_CHARS and text.count(" ", start, end) <= LONGEST_WORDS


def _skip_space(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at
