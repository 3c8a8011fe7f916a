"""Answers as HTML for the chat. Every word of a source, a question or a model goes in as text; the tags are ours alone.

The Markdown of an answer is rendered here and not by the chat's own Markdown: that one makes links of bare addresses
and pictures of image marks, this one knows paragraphs, lists, headings, emphasis and our marks, and nothing else.
What is made is one line, so that the chat's Markdown takes it as a single block of HTML and looks no further; the
chat's sanitiser then goes over it as a second fence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from html import escape

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from bot import phrases
from bot.answer import Answer, Citation, Claim, HandOn
from ui.age import figure_age
from ui.text import understood

_MARK = re.compile(r"\[(\d{1,4})\]")
_DIFFERENT = frozenset({phrases.DISAGREE, phrases.DISAGREE_PERIOD, phrases.DISAGREE_PLACE, phrases.DISAGREE_MEASURE})
_FNV_PRIME, _FNV_START = 0x01000193, 0x811C9DC5


def question_html(text: str) -> str:
    """A person's own words, as they wrote them."""
    lines = "<br>".join(escape(line) for line in text.strip().splitlines())
    return f'<div class="wm-question">{lines}</div>'


def partial_html(
    markdown: str, citations: Sequence[Citation], claims: Sequence[Claim] = (), notices: Sequence[str] = ()
) -> str:
    """What is known of an answer while it still comes."""
    text = markdown_html(markdown, citations, claims)
    return _line(f'<div class="wm-answer wm-coming"><div class="wm-text">{text}</div>{_notices(notices)}</div>')


def notice_html(text: str) -> str:
    """A sentence of ours in the place of an answer: busy, refused, failed."""
    return _line(f'<div class="wm-answer">{_notices([text])}</div>')


def answer_html(answer: Answer, question: str, *, strike: bool = False) -> str:
    """A whole answer, with what was understood, what is missing, whom to ask as well, and its guides.

    `strike` shows a model's unsupported sentences struck through instead of folded away.
    """
    parts = [
        _understood(answer, question),
        f'<div class="wm-text">{markdown_html(answer.answer, answer.citations, answer.claims)}</div>',
        _missing(answer.missing),
        _hand_on(answer.hand_on),
        _guides(answer.citations),
        _taken_out(answer.claims, strike),
        _notices(answer.notices),
    ]
    return _line(f'<div class="wm-answer wm-{answer.status}">{"".join(parts)}</div>')


def markdown_html(markdown: str, citations: Sequence[Citation], claims: Sequence[Claim] = ()) -> str:
    """The Markdown of an answer, each mark a link that the page's own script opens the source with.

    Behind the marks of each of `claims` (in the answer's order) stands how many guides share it and how old its
    figures are, where that is worth telling.
    """
    by_number = {citation.number: citation for citation in citations}
    supported = [claim for claim in claims if claim.verdict == "supported"]
    html = str(_markdown().render(markdown, {"citations": by_number, "claims": supported}))
    # A mark stays on the line of the word that it stands behind.
    return html.replace(' <a class="wm-mark', '&nbsp;<a class="wm-mark')


def mark_html(citation: Citation, old: bool = False) -> str:
    """The link of one mark: `#cite-NUMBER-START-END-CHECK-DOCUMENT`, all that the source panel needs.

    CHECK is the quote's FNV-1a hash: the panel marks the words only where the guide still says them.
    """
    place = f"{citation.number}-{citation.start}-{citation.end}-{fnv1a(citation.quote):08x}-{citation.document_id}"
    where = " › ".join(part for part in (citation.title, citation.section.replace(" > ", " › ")) if part)
    kind = "wm-mark wm-old" if old else "wm-mark"
    return f'<a class="{kind}" href="#cite-{escape(place)}" title="{escape(where)}">{citation.number}</a>'


def fnv1a(text: str) -> int:
    """The 32-bit FNV-1a hash (Fowler, Noll, Vo) of the UTF-8 bytes: three lines in any language, for the panel too."""
    value = _FNV_START
    for byte in text.encode("utf-8", "replace"):
        value = ((value ^ byte) * _FNV_PRIME) & 0xFFFFFFFF
    return value


def _line(html: str) -> str:
    return " ".join(html.split("\n"))


def _understood(answer: Answer, question: str) -> str:
    asked = understood(answer.standalone_question, question)
    if not asked:
        return ""
    return f'<p class="wm-asked">You asked about: <q>{escape(asked)}</q></p>'


def _missing(missing: Sequence[str]) -> str:
    if not missing:
        return ""
    return f'<div class="wm-missing"><strong>Not in these guides</strong>{_list(missing)}</div>'


def _hand_on(hand_on: HandOn | None) -> str:
    if hand_on is None:
        return ""
    link = f" {_link(hand_on.url, hand_on.url)}" if hand_on.url else ""
    return f'<div class="wm-handon"><strong>Ask a person as well</strong><p>{escape(hand_on.whom)}{link}</p></div>'


def _guides(citations: Sequence[Citation]) -> str:
    """One line for each guide that was quoted: its marks, its title, who wrote it, when and for where."""
    if not citations:
        return ""
    by_guide: dict[str, list[Citation]] = {}
    for citation in citations:
        by_guide.setdefault(citation.document_id, []).append(citation)
    rows = []
    for cited in by_guide.values():
        first = cited[0]
        about = " · ".join(part for part in (first.author, first.region, first.published) if part)
        marks = "".join(mark_html(citation) for citation in cited)
        rows.append(
            f'<li><span class="wm-title">{escape(first.title)}</span> <span class="wm-about">{escape(about)}</span> '
            f'<span class="wm-marks">{marks}</span></li>'
        )
    return f'<div class="wm-guides"><strong>From the guides</strong><ul>{"".join(rows)}</ul></div>'


def _taken_out(claims: Sequence[Claim], strike: bool) -> str:
    """The sentences of a model that no guide carries: folded away, or struck through for all to see."""
    out = [claim for claim in claims if claim.verdict == "unsupported"]
    if not out:
        return ""
    reasons = [f" ({'; '.join(claim.reasons)})" if claim.reasons else "" for claim in out]
    if strike:
        rows = [
            f"<li><del>{escape(claim.text)}</del>{escape(why)}</li>" for claim, why in zip(out, reasons, strict=True)
        ]
        return f'<div class="wm-out"><strong>No guide carries this</strong><ul>{"".join(rows)}</ul></div>'
    told = _list(claim.text + why for claim, why in zip(out, reasons, strict=True))
    title = "1 sentence was taken out" if len(out) == 1 else f"{len(out)} sentences were taken out"
    return f'<details class="wm-out"><summary>{title}: no guide carries them</summary>{told}</details>'


def _notices(notices: Sequence[str]) -> str:
    return "".join(f'<p class="wm-notice">{escape(notice)}</p>' for notice in notices)


def _list(texts: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(text)}</li>' for text in texts)}</ul>"


def _link(url: str, text: str) -> str:
    """A link to the web, where the address is one; else its text."""
    if not re.match(r"https?://[^\s\"'<>]+$", url):
        return escape(text)
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{escape(text)}</a>'


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    """CommonMark without what could fetch, link or run: no HTML, links, images, addresses or code."""
    parser = MarkdownIt("commonmark", {"html": False})
    parser.disable(
        ["link", "image", "autolink", "html_inline", "html_block", "reference", "code", "fence", "backticks"]
    )
    parser.inline.ruler.before("link", "mark", _mark_rule)
    parser.core.ruler.push("asides", _asides_rule)
    parser.core.ruler.push("sides", _sides_rule)
    parser.add_render_rule("mark", _render_mark)
    return parser


def _mark_rule(state: StateInline, silent: bool) -> bool:
    """`[3]`, where 3 is a citation of this answer. An escaped bracket never comes here."""
    found = _MARK.match(state.src, state.pos)
    if found is None or int(found[1]) not in state.env.get("citations", {}):
        return False
    if not silent:
        token = state.push("mark", "", 0)
        token.meta = {"citation": state.env["citations"][int(found[1])]}
    state.pos = found.end()
    return True


def _asides_rule(state: StateCore) -> None:
    """Gives each run of marks the claim that it ends: an answer is its claims in their order, each with its marks."""
    claims = iter(state.env.get("claims", ()))
    for block in state.tokens:
        run: list[Token] = []
        for token in [*(block.children or ()), None]:
            if token is not None and token.type == "mark":
                run.append(token)
            elif run:
                claim = next(claims, None)
                cited = [mark.meta["citation"] for mark in run]
                if claim is not None and claim.citations == tuple(citation.number for citation in cited):
                    age = figure_age(claim, cited, date.today())
                    for mark in run:
                        mark.meta["old"] = bool(age)
                    run[-1].meta["aside"] = _shared(claim, cited) + _aside(age, "wm-old")
                run = []


def _sides_rule(state: StateCore) -> None:
    """Sets apart what guides see differently: the sentence that says so, and the list under it."""
    for place, token in enumerate(state.tokens):
        if token.type == "inline" and token.content.strip() in _DIFFERENT:
            state.tokens[place - 1].attrSet("class", "wm-differ")
            after = state.tokens[place + 2 : place + 3]
            if after and after[0].type == "bullet_list_open":
                after[0].attrSet("class", "wm-sides")


def _shared(claim: Claim, cited: Sequence[Citation]) -> str:
    """How many guides say it, and on how many independent works they stand where those are fewer."""
    guides = len({citation.document_id for citation in cited})
    if guides < 2:
        return ""
    works = (
        "" if claim.works >= guides else ", all from one work" if claim.works == 1 else f", from {claim.works} works"
    )
    return _aside(f"{guides} guides say this{works if claim.works else ''}", "wm-shared")


def _aside(text: str, kind: str) -> str:
    return f' <span class="wm-aside {kind}">{escape(text)}</span>' if text else ""


def _render_mark(_: RendererHTML, tokens: Sequence[Token], index: int, *__: object) -> str:
    meta = tokens[index].meta
    return mark_html(meta["citation"], old=meta.get("old", False)) + str(meta.get("aside", ""))
