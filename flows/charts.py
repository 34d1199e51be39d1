"""Small charts as inline SVG; colours come from the page's stylesheet through class names.

What is returned is markup already: names are escaped here, the rest are numbers.
"""

from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import Final, NamedTuple

_WIDTH: Final = 560
_HEIGHT: Final = 240
_LEFT: Final = 44
_RIGHT: Final = 92  # room for the labels at the lines' ends
_TOP: Final = 14
_BOTTOM: Final = 34


class _Scale(NamedTuple):
    """Maps a value range onto pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        span = self.high - self.low or 1.0
        return self.start + (value - self.low) / span * (self.end - self.start)


def interval(score: float, low: float | None, high: float | None, chance: float) -> str:
    """Draw a score with its interval on 0..1 and a tick at chance level."""
    x = _Scale(0.0, 1.0, 3.0, 97.0)
    whisker = (
        ""
        if low is None or high is None
        else f'<line class="ci" x1="{x(low):.1f}" x2="{x(high):.1f}" y1="7" y2="7"/>'
    )
    return (
        '<svg class="interval" viewBox="0 0 100 14" aria-hidden="true">'
        '<line class="axis" x1="3" x2="97" y1="7" y2="7"/>'
        f'<line class="chance" x1="{x(chance):.1f}" x2="{x(chance):.1f}" y1="1" y2="13"/>'
        f'{whisker}<circle cx="{x(score):.1f}" cy="7" r="3.2"/></svg>'
    )


def curves(series: Mapping[str, Sequence[tuple[float, float]]]) -> str:
    """Draw one line a name over steps, labelled at its end."""
    points = [point for line in series.values() for point in line]
    if not points:
        return ""
    x = _Scale(0.0, max(p[0] for p in points), _LEFT, _WIDTH - _RIGHT)
    y = _Scale(0.0, max(p[1] for p in points) * 1.05, _HEIGHT - _BOTTOM, _TOP)
    parts = [_grid_y(y), _axis_x(x, (0.0, x.high / 2, x.high), "step")]
    label_ys = _spread([y(line[-1][1]) for line in series.values() if line], 15.0)
    for (name, line), label_y in zip(
        ((n, s) for n, s in series.items() if s), label_ys, strict=True
    ):
        path = " ".join(f"{x(step):.1f},{y(value):.1f}" for step, value in line)
        parts.append(f'<polyline class="line {escape(name)}" points="{path}"/>')
        parts.append(
            f'<text class="tag {escape(name)}" x="{_WIDTH - _RIGHT + 8}" y="{label_y + 4:.1f}">'
            f"{escape(name)}</text>"
        )
    return _svg(parts, "Training loss of each model over steps")


def histogram(counts: Sequence[int], labels: tuple[str, str]) -> str:
    """Draw shares of equal bins on 0..1, with a word for each end of the axis."""
    total = sum(counts) or 1
    shares = [count / total for count in counts]
    x = _Scale(0.0, 1.0, _LEFT, _WIDTH - 14)
    y = _Scale(0.0, max(shares) * 1.1, _HEIGHT - _BOTTOM, _TOP)
    width = (x.end - x.start) / len(counts)
    bars = [
        f'<rect class="bar" x="{x.start + i * width + 0.75:.1f}" y="{y(share):.1f}" '
        f'width="{width - 1.5:.1f}" height="{max(0.0, y.start - y(share)):.1f}" rx="1.5"/>'
        for i, share in enumerate(shares)
    ]
    ends = (
        f'<text class="end" x="{x.start:.0f}" y="{_HEIGHT - 2}">{escape(labels[0])}</text>'
        f'<text class="end" x="{x.end:.0f}" y="{_HEIGHT - 2}" text-anchor="end">'
        f"{escape(labels[1])}</text>"
    )
    axis = _axis_x(x, (0.0, 0.25, 0.5, 0.75, 1.0), "")
    return _svg([_grid_y(y, percent=True), *bars, axis, ends], "Histogram of the gate")


def _svg(parts: Sequence[str], label: str) -> str:
    body = "".join(parts)
    return (
        f'<svg class="chart" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{label}">'
        f"{body}</svg>"
    )


def _grid_y(y: _Scale, *, percent: bool = False) -> str:
    lines = []
    for part in (0.0, 0.25, 0.5, 0.75, 1.0):
        value = y.low + (y.high - y.low) * part
        shown = f"{100 * value:.0f} %" if percent else f"{value:.2g}"
        lines.append(
            f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - 14}" y1="{y(value):.1f}" '
            f'y2="{y(value):.1f}"/><text class="tick" x="{_LEFT - 8}" y="{y(value) + 4:.1f}" '
            f'text-anchor="end">{shown}</text>'
        )
    return "".join(lines)


def _axis_x(x: _Scale, ticks: Sequence[float], unit: str) -> str:
    labels = "".join(
        f'<text class="tick" x="{x(tick):.1f}" y="{_HEIGHT - _BOTTOM + 16}" text-anchor="middle">'
        f"{tick:g}</text>"
        for tick in ticks
    )
    name = f'<text class="end" x="{x.end:.0f}" y="{_HEIGHT - 2}" text-anchor="end">{unit}</text>'
    return labels + (name if unit else "")


def _spread(positions: Sequence[float], gap: float) -> list[float]:
    """Move labels apart so that they do not cover each other, keeping their order."""
    order = sorted(range(len(positions)), key=lambda i: positions[i])
    placed = list(positions)
    for before, after in pairwise(order):
        placed[after] = max(placed[after], placed[before] + gap)
    overflow = max([0.0, *(p - (_HEIGHT - _BOTTOM) for p in placed)])
    return [p - overflow for p in placed]
