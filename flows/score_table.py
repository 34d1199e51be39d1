"""The score table as text, and what it says about the gated model."""

from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]


def as_text(rows: Sequence[Row]) -> str:
    """Lay the rows out: one line a question kind, one column a model, the blind one first."""
    models = list(dict.fromkeys(row["model"] for row in rows if row["model"] != "blind"))
    kinds = list(dict.fromkeys(row["kind"] for row in rows))
    by_cell = {(row["kind"], row["model"]): row for row in rows}
    head = f"{'kind':<30}{'metric':<10}{'n':>5}{'chance':>8}{'blind':>8}"
    lines = [head + "".join(f"{model:>12}" for model in models)]
    for kind in kinds:
        any_row = next(row for row in rows if row["kind"] == kind)
        cells = "".join(f"{_number(by_cell.get((kind, m), {}).get('score')):>12}" for m in models)
        lines.append(
            f"{kind:<30}{any_row['metric']:<10}{any_row['n']:>5}"
            f"{_number(any_row['chance']):>8}{_number(any_row['blind']):>8}{cells}"
        )
    return "\n".join(lines)


def verdict(rows: Sequence[Row], model: str = "gated", against: str = "semantic") -> str:
    """Say plainly what a model gained or lost against another over all kinds, with the doubt."""
    mine, theirs = _mean(rows, model), _mean(rows, against)
    if mine is None or theirs is None:
        return f"This run did not train both the {model} and the {against} model."
    gain = mine - theirs
    doubt = _doubt(rows, model, against)
    word = "gained" if gain >= 0 else "lost"
    clear = "more than" if abs(gain) > doubt else "within"
    return (
        f"The {model} model {word} {abs(gain):.3f} against {against}-only, averaged over "
        f"question kinds ({mine:.3f} against {theirs:.3f}): {clear} the uncertainty of that "
        f"difference (about ±{doubt:.3f}), on one seed."
    )


def _mean(rows: Sequence[Row], model: str) -> float | None:
    scores = [row["score"] for row in rows if row["model"] == model]
    known = [score for score in scores if score is not None]
    return sum(known) / len(known) if known else None


def _doubt(rows: Sequence[Row], *models: str) -> float:
    """Half width of the 95 % interval of the difference, kinds and models taken as independent."""
    total = 0.0
    for model in models:
        mine = [row for row in rows if row["model"] == model and row.get("ci_low") is not None]
        halves = [(row["ci_high"] - row["ci_low"]) / 2 for row in mine]
        total += sum(half**2 for half in halves) / max(1, len(halves)) ** 2
    return float(total**0.5)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
