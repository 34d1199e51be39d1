"""How many clips survive, and where to spend the next ones.

A *cell* is a prompt template, a kind of scene and a recipe. Counts go planned -> generated ->
measured -> accepted, with a reason for every clip that was measured and not accepted. The allocator
is a pure function of the counts: Thompson sampling (Thompson, Biometrika 1933) over each cell's
share of accepted clips in the planned ones, above a floor that every cell keeps so that the data
stays diverse.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from jaxtyping import Int64

from synth.seeding import rng_for

# A uniform prior: an untried cell may be anything, so it is tried.
_PRIOR: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Cell:
    """What shares a yield."""

    template: str  # e.g. "truck_left" or the name of a prompt template
    scene_kind: str  # e.g. "bedroom"
    recipe: str  # digest or name of the generator's recipe


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Rejections:
    """How many clips failed for one reason."""

    reason: str
    n_clips: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CellYield:
    """The counts of one cell.

    Attributes:
        cell: Which.
        planned: Clips asked for.
        generated: Clips a generator finished.
        measured: Clips that went through the gates.
        accepted: Clips that passed them.
        rejections: Reasons of the measured clips that did not pass, sorted; a clip may have
            several.

    Raises:
        ValueError: A later count is larger than an earlier one, or a reason is there twice.
    """

    cell: Cell
    planned: int = 0
    generated: int = 0
    measured: int = 0
    accepted: int = 0
    rejections: tuple[Rejections, ...] = ()

    def __post_init__(self) -> None:
        if not self.planned >= self.generated >= self.measured >= self.accepted >= 0:
            raise ValueError(
                f"counts of {self.cell} must fall from planned to accepted and be >= 0, got "
                f"planned={self.planned}, generated={self.generated}, measured={self.measured}, "
                f"accepted={self.accepted}."
            )
        reasons = [r.reason for r in self.rejections]
        if reasons != sorted(set(reasons)):
            raise ValueError(f"reasons of {self.cell} must be sorted and unique, got {reasons}.")
        most = self.measured - self.accepted
        if any(not 0 < r.n_clips <= most for r in self.rejections):
            raise ValueError(
                f"{self.cell}: {most} clips were rejected, so a reason counts 1 to {most}, got "
                f"{[r.n_clips for r in self.rejections]}."
            )

    @property
    def accepted_share(self) -> float | None:
        """Accepted of measured; ``None`` before anything was measured."""
        return self.accepted / self.measured if self.measured else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one planned clip.

    Attributes:
        cell: Where it was planned.
        generated: Whether the generator finished it.
        measured: Whether it went through the gates.
        rejected_for: Why it was not kept; empty for a measured clip means accepted.

    Raises:
        ValueError: Measured without being generated, or reasons without a measurement.
    """

    cell: Cell
    generated: bool = False
    measured: bool = False
    rejected_for: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.measured and not self.generated) or (self.rejected_for and not self.measured):
            raise ValueError(
                f"a clip of {self.cell} cannot be generated={self.generated}, "
                f"measured={self.measured}, rejected_for={self.rejected_for}; measure what was "
                "generated, reject what was measured."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Yields:
    """The counts of all cells, sorted by cell.

    Raises:
        ValueError: Cells are not sorted, or one is there twice.
    """

    cells: tuple[CellYield, ...] = ()

    def __post_init__(self) -> None:
        order = [c.cell for c in self.cells]
        if order != sorted(set(order)):
            raise ValueError("Yields needs sorted and unique cells; make them with add_outcomes.")

    def to_json(self) -> str:
        """Return the counts as JSON, the same bytes for the same counts."""
        return json.dumps(asdict(self), indent=1)

    @classmethod
    def from_json(cls, text: str) -> "Yields":
        """Read what ``to_json`` wrote.

        Raises:
            ValueError: The text is not of that form, or its counts contradict each other.
        """
        try:
            cells = tuple(_read_cell(entry) for entry in json.loads(text)["cells"])
        except (KeyError, TypeError) as error:
            raise ValueError(
                f"reading yields: not what Yields.to_json writes ({error!r}); start with Yields()."
            ) from error
        return cls(cells=cells)


class Allocation(NamedTuple):
    """How many clips of the next shard a cell gets."""

    cell: Cell
    n_clips: int


def add_outcomes(yields: Yields, outcomes: Iterable[Outcome]) -> Yields:
    """Return the counts with these clips added; their order does not matter."""
    fresh: dict[Cell, list[Outcome]] = {}
    for outcome in outcomes:
        fresh.setdefault(outcome.cell, []).append(outcome)
    counted = Yields(cells=tuple(_count(cell, fresh[cell]) for cell in sorted(fresh)))
    return merge(yields, counted)


def merge(first: Yields, second: Yields) -> Yields:
    """Return the sum of two counts, as of two workers."""
    by_cell = {c.cell: c for c in first.cells}
    for other in second.cells:
        mine = by_cell.get(other.cell)
        by_cell[other.cell] = other if mine is None else _sum(mine, other)
    return Yields(cells=tuple(by_cell[cell] for cell in sorted(by_cell)))


def allocate(
    yields: Yields,
    cells: Sequence[Cell],
    n_clips: int,
    *,
    floor_share: float,
    seed: int,
    shard: str,
) -> tuple[Allocation, ...]:
    """Share the clips of the next shard out among cells.

    A ``floor_share`` of the clips is spread evenly; where it does not divide, the cells with the
    fewest planned clips get one more, so that small shards reach every cell in turn. Each other
    clip goes to the cell that promises most: a draw from Beta(1 + accepted, 1 + lost) each. A clip
    that was planned and never made is as lost as one that a gate refused.

    Args:
        yields: Counts so far; cells without counts are new.
        cells: Candidates, in any order.
        n_clips: Size of the shard.
        floor_share: 1 spreads everything evenly, 0 leaves everything to the draws.
        seed: Of the run.
        shard: Name of the shard; another shard draws anew.

    Returns:
        One allocation per cell, sorted by cell; they add up to ``n_clips``.

    Raises:
        ValueError: No cells, a cell twice, a negative size, or a share outside 0 to 1.
    """
    order = sorted(set(cells))
    if not order or len(order) != len(cells):
        raise ValueError(f"allocating needs one or more different cells, got {list(cells)}.")
    if n_clips < 0 or not 0.0 <= floor_share <= 1.0:
        raise ValueError(
            f"allocating needs n_clips >= 0 and a floor_share of 0 to 1, got {n_clips} and "
            f"{floor_share}."
        )
    counts = {c.cell: c for c in yields.cells}
    known = [counts.get(cell, CellYield(cell=cell)) for cell in order]
    given = _floor(known, n_clips, floor_share)
    rng = rng_for(seed, shard, "allocation")
    promise = rng.beta(
        [_PRIOR + c.accepted for c in known],
        [_PRIOR + c.planned - c.accepted for c in known],
        size=(n_clips - int(given.sum()), len(order)),
    )
    given += np.bincount(promise.argmax(axis=1), minlength=len(order))
    return tuple(Allocation(cell, int(n)) for cell, n in zip(order, given, strict=True))


def _floor(known: Sequence[CellYield], n_clips: int, floor_share: float) -> Int64[np.ndarray, " c"]:
    """Clips that go to every cell, whatever it yields."""
    each, left = divmod(round(floor_share * n_clips), len(known))
    given = np.full(len(known), each, dtype=np.int64)
    fewest_first = np.argsort([c.planned for c in known], kind="stable")
    given[fewest_first[:left]] += 1
    return given


def _count(cell: Cell, outcomes: Sequence[Outcome]) -> CellYield:
    # A clip that names a reason twice still is one clip.
    reasons = Counter(reason for o in outcomes for reason in set(o.rejected_for))
    return CellYield(
        cell=cell,
        planned=len(outcomes),
        generated=sum(o.generated for o in outcomes),
        measured=sum(o.measured for o in outcomes),
        accepted=sum(o.measured and not o.rejected_for for o in outcomes),
        rejections=_as_rejections(reasons),
    )


def _sum(first: CellYield, second: CellYield) -> CellYield:
    reasons: Counter[str] = Counter()
    for each in (*first.rejections, *second.rejections):
        reasons[each.reason] += each.n_clips
    return CellYield(
        cell=first.cell,
        planned=first.planned + second.planned,
        generated=first.generated + second.generated,
        measured=first.measured + second.measured,
        accepted=first.accepted + second.accepted,
        rejections=_as_rejections(reasons),
    )


def _as_rejections(reasons: Mapping[str, int]) -> tuple[Rejections, ...]:
    return tuple(Rejections(reason=r, n_clips=reasons[r]) for r in sorted(reasons))


def _read_cell(entry: Mapping[str, Any]) -> CellYield:
    rejections = tuple(Rejections(**r) for r in entry["rejections"])
    return CellYield(**{**entry, "cell": Cell(**entry["cell"]), "rejections": rejections})
