"""The tables of the card, in Markdown, from the statistics."""

from collections.abc import Iterable, Sequence

from datasets_cards.definitions import meaning_of
from datasets_cards.figures import KindStatistics, SplitStatistics, Spread, Statistics
from datasets_cards.manifest import Shard
from datasets_cards.schema import COLUMNS, type_name

_MOST_SHOWN = 12  # answers listed per kind; the rest is summed up


def all_tables(statistics: Statistics, shards: Iterable[Shard]) -> dict[str, str]:
    """Return every table by its name in the template; a table without rows is ``""``."""
    return {
        "splits": _splits(statistics, tuple(shards)),
        "yields": _yields(statistics),
        "lost": _lost(statistics),
        "kinds": _kinds(statistics),
        "answers": _answers(statistics),
        "skipped": _skipped(statistics),
        "definitions": _definitions(statistics),
        "obedience": _obedience(statistics),
        "moves": _moves(statistics),
        "gates": _gates(statistics),
        "categories": _categories(statistics),
        "sequence_columns": _columns("sequences"),
        "qa_columns": _columns("qa"),
    }


def totals(statistics: Statistics) -> SplitStatistics:
    """Return the sizes of all splits together."""
    return SplitStatistics(
        split="all",
        scenes=sum(split.scenes for split in statistics.splits),
        sequences=sum(split.sequences for split in statistics.splits),
        frames=sum(split.frames for split in statistics.splits),
        questions=sum(split.questions for split in statistics.splits),
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    body = [[str(cell).replace("|", "\\|") for cell in row] for row in rows]
    if not body:
        return ""
    lines = [list(head), ["---"] * len(head), *body]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def _spread(spread: Spread | None, units: Sequence[str]) -> str:
    if spread is None:
        return "-"
    unit = "".join(f" {name}" for name in units)
    return f"{spread.low:.3g} / {spread.median:.3g} / {spread.high:.3g}{unit}"


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "-"


def _splits(statistics: Statistics, shards: tuple[Shard, ...]) -> str:
    return _table(
        ("split", "scenes", "clips", "frames", "questions", "shards", "MB"),
        [
            (
                *(f"`{s.split}`", s.scenes, s.sequences, s.frames, s.questions),
                sum(shard.split == s.split for shard in shards),
                f"{sum(shard.bytes for shard in shards if shard.split == s.split) / 1e6:.1f}",
            )
            for s in statistics.splits
        ],
    )


def _yields(statistics: Statistics) -> str:
    return _table(
        ("generator", "planned", "generated", "measured", "asked", "questions", "made by"),
        [
            (
                f"`{g.generator}`",
                "not recorded" if g.planned is None else g.planned,
                *(g.generated, g.measured, g.asked, g.questions, _codes(g.made_by)),
            )
            for g in statistics.generators
        ],
    )


def _lost(statistics: Statistics) -> str:
    return _table(
        ("generator", "reason", "clips"),
        [(f"`{g.generator}`", f"`{c.name}`", c.n) for g in statistics.generators for c in g.lost],
    )


def _kinds(statistics: Statistics) -> str:
    return _table(
        (
            *("kind", "train", "test", "commonest answer", "exact"),
            "margin: least / median / greatest",
        ),
        [
            (
                *(f"`{k.kind}`", k.questions["train"], k.questions["test"]),
                _commonest(k),
                _share(k.exact, k.with_sigma),
                "; ".join(_spread(one, (unit,)) for unit, one in k.margins.items()) or "-",
            )
            for k in statistics.kinds
            if _number(k)
        ],
    )


def _number(kind: KindStatistics) -> int:
    return sum(kind.questions.values())


def _commonest(kind: KindStatistics) -> str:
    number = _number(kind)
    if not kind.answers:
        return f"{_share(kind.commonest_quantity, number)} (one number)"
    answer, letter = kind.answers[0], kind.letters[0]
    return f"{_share(answer.n, number)} (text), {_share(letter.n, number)} (letter)"


def _answers(statistics: Statistics) -> str:
    def listed(kind: KindStatistics) -> str:
        if kind.quantities is not None:
            return f"{_spread(kind.quantities, kind.units)} (least / median / greatest)"
        shown = [f"{c.name} {c.n}" for c in kind.answers[:_MOST_SHOWN]]
        rest = sum(c.n for c in kind.answers[_MOST_SHOWN:])
        return ", ".join([*shown, f"others {rest}"] if rest else shown)

    return _table(
        ("kind", "answers", "letters"),
        [
            (f"`{k.kind}`", listed(k), ", ".join(f"{c.name} {c.n}" for c in k.letters) or "-")
            for k in statistics.kinds
            if _number(k)
        ],
    )


def _skipped(statistics: Statistics) -> str:
    return _table(
        ("kind", "reason", "candidates"),
        [(f"`{k.kind}`", f"`{c.name}`", c.n) for k in statistics.kinds for c in k.skipped],
    )


def _definitions(statistics: Statistics) -> str:
    return _table(
        ("kind", "definition", "meaning"),
        [
            (f"`{k.kind}`", f"`{name}`", meaning_of(name))
            for k in statistics.kinds
            for name in k.definitions
        ],
    )


def _obedience(statistics: Statistics) -> str:
    return _table(
        (
            *("generator", "clips", "judged", "did as asked", "measured by"),
            "confidence: least / median / greatest",
        ),
        [
            (
                *(f"`{g.generator}`", g.generated, g.judged, _share(g.obeyed, g.judged)),
                _codes(g.measured_by),
                _spread(g.confidence, ()),
            )
            for g in statistics.generators
        ],
    )


def _moves(statistics: Statistics) -> str:
    return _table(
        ("requested move", *(g.generator for g in statistics.generators)),
        [
            (
                f"`{m.move}`",
                *(
                    f"{m.obeyed.get(g.generator, 0)} of {m.judged[g.generator]}"
                    if m.judged.get(g.generator)
                    else "-"
                    for g in statistics.generators
                ),
            )
            for m in statistics.moves
        ],
    )


def _gates(statistics: Statistics) -> str:
    return _table(
        ("generator", "gate", "passed", "threshold", "value: least / median / greatest"),
        [
            (
                *(f"`{g.generator}`", f"`{gate.name}`", f"{gate.passed} of {gate.n}"),
                ", ".join(f"{t:g}" for t in gate.thresholds),
                _spread(gate.values, ()),
            )
            for g in statistics.generators
            for gate in g.gates
        ],
    )


def _categories(statistics: Statistics) -> str:
    return _table(
        ("category", "objects", "questions"),
        [(c.category, c.objects, c.questions) for c in statistics.categories],
    )


def _columns(config: str) -> str:
    return _table(
        ("column", "type", "meaning"),
        [
            (
                f"`{c.name}`",
                f"`{type_name(config, c.name)}`" + (", may be null" if c.optional else ""),
                c.text,
            )
            for c in COLUMNS[config]
        ],
    )
