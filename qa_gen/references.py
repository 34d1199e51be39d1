"""How an object is called so that nobody can take it for another one in view.

An object that is alone in its category is called by it. The others are told apart by colour, else
by size, else by what they stand nearest to, each with a margin that measured geometry cannot turn
over. Whatever else is called by the same noun counts as well: where there is an office chair, too,
nothing is just "the chair", and "the largest chair" has to be larger than the office chair.

A superlative that is true of all objects in view is true of those in one image; a name that leans
on another object says something only where that object is seen, too (``Survey.named_in``).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final, Literal, NamedTuple

import numpy as np
from jaxtyping import Float64, Int64

from qa_gen.boxes import pair_gaps, stack_boxes
from qa_gen.words import is_called
from synth.furniture.tiny import OBJECT_COLORS
from synth.rooms.palettes import NAMED
from synth.scene import SceneObject
from synth.trajectories import Scale

LEAST_COLOR_DISTANCE: Final = 0.3  # in sRGB, 0..1: cream and white are 0.14 apart, grey 0.5
LEAST_VOLUME_RATIO: Final = 1.3
LEAST_LEAD_M: Final = 0.15  # VSI-Bench's for "which is the closest" (its 0.15 m between options)
_SIGMAS: Final = 3.0  # names of estimated geometry have to be true by this many sigma

_COLORS: Final[Mapping[str, tuple[float, float, float]]] = {**OBJECT_COLORS, **NAMED}
# Less than half of what one sees of these has their main colour (measured on the furniture
# table's parts from the front, the side and above): a bed's is its frame's, a picture's its rim's.
COLOR_OF_A_PART: Final = frozenset(
    {
        "towel rail", "ceiling lamp", "wall lamp", "plant", "television", "lamp", "whiteboard",
        "floor lamp", "monitor", "mirror", "stool", "flower pot", "washbasin", "picture",
        "bar stool", "keyboard", "bed", "single bed", "bunk bed", "row of books", "crib", "laptop",
        "photo frame", "wall clock", "wardrobe",
    }
)  # fmt: skip


class NamedBy(StrEnum):
    """What sets an object apart."""

    CATEGORY = "category"
    COLOR = "color"
    SIZE = "size"
    NEARNESS = "nearness"


class Reference(NamedTuple):
    """A name for one object; wordings put "the" before it.

    Attributes:
        text: ``"chair"``, ``"red chair"``, ``"largest chair"``, ``"chair nearest to the table"``.
        by: What it rests on; questions about sizes must not name anything by its size.
        anchor: Instance id of the object that the name mentions, else ``None``.
    """

    text: str
    by: NamedBy
    anchor: int | None = None


def refer(
    things: Sequence[SceneObject],
    how: Literal["category", "described"],
    scale: Scale,
    sigma_m: float = 0.0,
) -> list[Reference | None]:
    """Return each thing's name, or ``None`` where no words tell it from the others.

    All names differ from each other and from all categories in view.

    Args:
        things: All objects in view, by instance id.
        how: ``"category"``: its category, if it is the only one; ``"described"``: else by what
            sets it apart.
        scale: Whether lengths are metres; nearness is only told in metres.
        sigma_m: Standard deviation of a box face's position.
    """
    categories = dict.fromkeys(thing.category for thing in things)
    called = {
        category: [i for i, thing in enumerate(things) if is_called(thing.category, category)]
        for category in categories
    }
    names: list[Reference | None] = [
        Reference(thing.category, NamedBy.CATEGORY) if len(called[thing.category]) == 1 else None
        for thing in things
    ]
    if how == "category" or all(names):
        return names
    families = {family: members for family, members in called.items() if len(members) > 1}
    for family, members in families.items():
        _name(names, members, _by_color([things[i] for i in members], family))
        _name(names, members, _by_size([things[i] for i in members], family, sigma_m))
    if scale == "metric":
        _by_nearness(names, things, families, sigma_m)
    return _unmistakable(names, set(categories))


def _name(
    names: list[Reference | None], members: Sequence[int], found: Sequence[Reference | None]
) -> None:
    for i, name in zip(members, found, strict=True):
        names[i] = names[i] or name


def _by_color(members: Sequence[SceneObject], family: str) -> list[Reference | None]:
    """Name those whose colour is far from that of all other members."""
    colors = [_COLORS.get(thing.color) for thing in members]
    known = [color for color in colors if color is not None]
    told = {thing.category for thing in members}.isdisjoint(COLOR_OF_A_PART)
    if len(known) < len(members) or not told:
        return [None] * len(members)
    rgb = np.array(known)
    apart = np.linalg.norm(rgb[:, None] - rgb, axis=2)
    np.fill_diagonal(apart, np.inf)
    return [
        Reference(f"{thing.color} {family}", NamedBy.COLOR)
        if thing.category == family and nearest >= LEAST_COLOR_DISTANCE
        else None
        for thing, nearest in zip(members, apart.min(axis=1).tolist(), strict=True)
    ]


def _by_size(members: Sequence[SceneObject], family: str, sigma_m: float) -> list[Reference | None]:
    """Name the one with the largest and the one with the smallest box by far."""
    sizes = np.array([thing.size for thing in members])
    # First order: each extent is the distance of two faces.
    relative = np.sqrt(((2**0.5 * sigma_m / sizes) ** 2).sum(axis=1))
    log_volume = np.log(sizes).sum(axis=1)
    order = np.argsort(log_volume, kind="stable")
    names: list[Reference | None] = [None] * len(members)
    for word, last, next_to_last in (
        ("smallest", order[0], order[1]),
        ("largest", order[-1], order[-2]),
    ):
        lead = abs(log_volume[last] - log_volume[next_to_last])
        sigma = float(np.hypot(relative[last], relative[next_to_last]))
        clear = lead >= max(float(np.log(LEAST_VOLUME_RATIO)), _SIGMAS * sigma)
        if clear and members[last].category == family:
            names[last] = Reference(f"{word} {family}", NamedBy.SIZE)
    return names


def _by_nearness(
    names: list[Reference | None],
    things: Sequence[SceneObject],
    families: Mapping[str, Sequence[int]],
    sigma_m: float,
) -> None:
    """Name those still unnamed by the nearest lone object to which none of their kin is as near."""
    lone = [i for i, name in enumerate(names) if name is not None and name.by is NamedBy.CATEGORY]
    lead = max(LEAST_LEAD_M, _SIGMAS * 2 * sigma_m)  # each gap is off by sqrt(2) sigma
    for family, members in families.items():
        anchors = np.array([i for i in lone if i not in members], dtype=np.int64)
        open_to = [i for i in members if names[i] is None and things[i].category == family]
        if not len(anchors) or not open_to:
            continue
        gaps = _gaps(things, np.array(members, dtype=np.int64), anchors)
        ranked = np.sort(gaps, axis=0)
        clear = (gaps == ranked[0]) & (ranked[1] - ranked[0] >= lead)
        usable = np.where(clear, gaps, np.inf)
        for row, i in enumerate(members):
            if i in open_to and np.isfinite(usable[row].min()):
                anchor = things[int(anchors[usable[row].argmin()])]
                names[i] = Reference(
                    f"{family} nearest to the {anchor.category}",
                    NamedBy.NEARNESS,
                    anchor.instance_id,
                )


def _gaps(
    things: Sequence[SceneObject],
    members: Int64[np.ndarray, " m"],
    anchors: Int64[np.ndarray, " a"],
) -> Float64[np.ndarray, "m a"]:
    boxes = stack_boxes(things)
    gaps = pair_gaps(
        boxes.take(np.repeat(members, len(anchors))), boxes.take(np.tile(anchors, len(members)))
    )
    return gaps.reshape(len(members), len(anchors))


def _unmistakable(
    names: Sequence[Reference | None], categories: set[str]
) -> list[Reference | None]:
    """Drop descriptions that stand twice or read like a category ("white board")."""
    uses = Counter(name.text for name in names if name is not None)
    return [
        name
        if name is not None
        and (name.by is NamedBy.CATEGORY or (uses[name.text] == 1 and name.text not in categories))
        else None
        for name in names
    ]
