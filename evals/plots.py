"""The plots of the report as inline SVG: scores by tag, latency, certainty against being right, risk and coverage.

Colours come from the page's own variables, so that they suit light and dark; every plot tells its figures in words too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from evals.metrics import Rate, median, percentile

WIDTH = 360
HEIGHT = 220
LEFT, RIGHT, TOP, LOW = 38, 10, 12, 34
BARS = 14  # of the latency's histogram
BINS = 8  # of certainty
FEWEST = 5  # cases that a tag must have to be shown
MOST = 16  # tags shown


def plots(rows: Sequence[Mapping[str, Any]], timings: Mapping[str, Any]) -> str:
    """All plots that the run has figures for, as HTML figures."""
    drawn = (_by_tag(rows), _latency(timings), *_certainty(rows))
    return "".join(f"<figure>{each}</figure>" for each in drawn if each)


def _by_tag(rows: Sequence[Mapping[str, Any]]) -> str:
    """Of each tag, the share of its cases that passed, with Wilson's interval; those with the most cases."""
    tags: dict[str, list[bool]] = {}
    for row in rows:
        for tag in row["tags"]:
            tags.setdefault(tag, []).append(row["passed"])
    chosen = sorted((tag for tag in tags if len(tags[tag]) >= FEWEST), key=lambda tag: (-len(tags[tag]), tag))[:MOST]
    if not chosen:
        return ""
    line, left = 20, 130
    across = WIDTH - left - 64
    parts = []
    for place, tag in enumerate(chosen):
        rate = Rate(sum(tags[tag]), len(tags[tag]))
        low, high = rate.interval()
        y = 8 + line * place
        name = tag if len(tag) <= 18 else tag[:17] + "…"
        parts.append(
            f'<text x="{left - 6}" y="{y + 11}" text-anchor="end">{escape(name)}<title>{escape(tag)}</title></text>'
            f'<rect class="bar" x="{left}" y="{y}" width="{across * rate.value:.1f}" height="14"/>'
            f'<path class="whisker" d="M{left + across * low:.1f} {y + 7}H{left + across * high:.1f}"/>'
            f'<text x="{left + across + 6}" y="{y + 11}">{rate.hits}/{rate.n}</text>'
        )
    return _figure("Passed, by tag", "".join(parts), 16 + line * len(chosen), "Lines: the 95 % interval.")


def _latency(timings: Mapping[str, Any]) -> str:
    """A histogram of the milliseconds up to the 99th percentile; what took longer is counted in the last bar."""
    values = sorted(timings["cases"].values())
    if not values:
        return ""
    top = percentile(values, 0.99) or 1.0
    counts = [0] * BARS
    for value in values:
        counts[min(BARS - 1, int(value / top * BARS))] += 1
    across = (WIDTH - LEFT - RIGHT) / BARS
    up = HEIGHT - TOP - LOW
    bars = "".join(
        f'<rect class="bar" x="{LEFT + across * i + 1:.1f}" y="{HEIGHT - LOW - up * count / max(counts):.1f}" '
        f'width="{across - 2:.1f}" height="{up * count / max(counts):.1f}"><title>{count}</title></rect>'
        for i, count in enumerate(counts)
    )
    ticks = _ticks_across([(0.0, "0"), (0.5, f"{top / 2:.0f}"), (1.0, f"{top:.0f} ms")])
    told = f"Median {median(values):.1f} ms, 95th percentile {percentile(values, 0.95):.1f} ms, n {len(values)}."
    return _figure("Latency", bars + _axes() + ticks + _ticks_up([(1.0, str(max(counts)))]), HEIGHT, told)


def _certainty(rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Calibration, and risk against coverage, over the cases whose certainty is known."""
    known = [
        (row["certainty"], _right(row))
        for row in rows
        if row.get("certainty") is not None and row["expect"] in ("answered", "abstained")
    ]
    return (_calibration(known), _risk(known)) if known else ()


def _right(row: Mapping[str, Any]) -> bool:
    """Whether answering was right: an answer was due, and it cites a relevant document where one is named."""
    return row["expect"] == "answered" and row["relevant_document"] is not False


def _calibration(known: Sequence[tuple[float, bool]]) -> str:
    """A dot for each bin of certainty, at the share of its questions that could be answered, with its interval."""
    parts = [f'<path class="whisker thin" d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}"/>']
    for place in range(BINS):
        inside = [right for certainty, right in known if min(BINS - 1, int(certainty * BINS)) == place]
        if not inside:
            continue
        rate = Rate(sum(inside), len(inside))
        low, high = rate.interval()
        x = _x(sum(c for c, _ in known if min(BINS - 1, int(c * BINS)) == place) / len(inside))
        parts.append(
            f'<path class="whisker" d="M{x} {_y(low)}V{_y(high)}"/>'
            f'<circle class="dot" cx="{x}" cy="{_y(rate.value)}" r="4"><title>{rate.hits} of {rate.n}</title></circle>'
        )
    told = f"Share that could rightly be answered, by how sure the search was; n {len(known)}."
    return _figure("Calibration", "".join(parts) + _axes() + _shares(), HEIGHT, told)


def _risk(known: Sequence[tuple[float, bool]]) -> str:
    """The share of wrong answers, were only the surest answered (El-Yaniv and Wiener 2010)."""
    from evals.risk import Sure, area, curve  # late: it brings the library, which is needed nowhere else here

    points = curve([Sure(certainty, True, not right) for certainty, right in known])
    line = " ".join(f"{_x(each.coverage)},{_y(each.risk)}" for each in points)
    told = f"Share that would be wrong, were only the surest answered; area {area(points):.3f}."
    return _figure(
        "Risk against coverage", f'<polyline class="line" points="{line}"/>{_axes()}{_shares()}', HEIGHT, told
    )


def _x(share: float) -> str:
    return f"{LEFT + (WIDTH - LEFT - RIGHT) * share:.1f}"


def _y(share: float) -> str:
    return f"{HEIGHT - LOW - (HEIGHT - TOP - LOW) * share:.1f}"


def _axes() -> str:
    return f'<path class="axis" d="M{LEFT} {TOP}V{HEIGHT - LOW}H{WIDTH - RIGHT}"/>'


def _shares() -> str:
    ticks = [(share / 4, f"{share / 4:g}") for share in range(5)]
    return _ticks_across(ticks) + _ticks_up(ticks)


def _ticks_across(ticks: Sequence[tuple[float, str]]) -> str:
    ends = {0.0: "start", 1.0: "end"}
    return "".join(
        f'<text x="{_x(at)}" y="{HEIGHT - LOW + 17}" text-anchor="{ends.get(at, "middle")}">{escape(told)}</text>'
        for at, told in ticks
    )


def _ticks_up(ticks: Sequence[tuple[float, str]]) -> str:
    return "".join(
        f'<text x="{LEFT - 6}" y="{float(_y(at)) + 4:.1f}" text-anchor="end">{escape(told)}</text>'
        for at, told in ticks
    )


def _figure(title: str, inside: str, height: int, told: str) -> str:
    return (
        f"<figcaption><b>{escape(title)}</b> <small>{escape(told)}</small></figcaption>"
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}. {escape(told)}">{inside}</svg>'
    )
