"""Someone who stands by one object and faces another, as in SQA3D's situations.

The observer is at the middle of the first object, as in VSI-Bench's direction tasks; angles are
degrees on the floor plane from the way to the second object, counter-clockwise seen from above.
"""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Int64

from qa_gen.config import LabelConfig
from qa_gen.directions import heading_deg
from qa_gen.enumeration import PER_PAIR, arrangements
from qa_gen.references import NamedBy
from qa_gen.survey import Survey
from qa_gen.words import different, is_called, with_article

# The same situation in nine sentences; the first is SQA3D's commonest.
SITUATIONS: Final = (
    "I am standing by the {s:thing} facing the {f:thing}.",
    "I am next to the {s:thing} and looking at the {f:thing}.",
    "Standing by the {s:thing}, I face the {f:thing}.",
    "I stand beside the {s:thing} with the {f:thing} straight ahead.",
    "I have stopped by the {s:thing} and am facing the {f:thing}.",
    "My position is by the {s:thing}; I am looking toward the {f:thing}.",
    "I am by the {s:thing}, and the {f:thing} is right in front of me.",
    "Say I am standing by the {s:thing} and facing the {f:thing}.",
    "I just walked up to the {s:thing} and turned to face the {f:thing}.",
)
LEFT, BEHIND, RIGHT, FRONT = range(4)
_CENTERS_DEG: Final = (90.0, 180.0, 270.0, 0.0)  # of the quarters, in this order


class Situations(NamedTuple):
    """Where all things are in each situation.

    Attributes:
        pairs: Indices of the thing stood by and of the thing faced.
        angle: Of each thing's middle; its own thing's is meaningless.
        corner: Of its corners.
        apart: From the observer to each thing's middle, on the floor plane.
        clear: Whether the two are far enough apart and their names do not mention each other.
    """

    pairs: Int64[np.ndarray, "p 2"]
    angle: Float64[np.ndarray, "p n"]
    corner: Float64[np.ndarray, "p n 8"]
    apart: Float64[np.ndarray, "p n"]
    clear: Bool[np.ndarray, " p"]

    @property
    def others(self) -> Bool[np.ndarray, "p n"]:
        """Which things are neither of the two."""
        things = np.arange(self.angle.shape[1])
        other: Bool[np.ndarray, "p n"] = (self.pairs[:, :, None] != things).all(axis=1)
        return other


def worded(questions: tuple[str, ...]) -> tuple[str, ...]:
    """Put a situation before each question, each another one."""
    return tuple(f"{s} {q}" for s, q in zip(SITUATIONS, questions, strict=True))


def situations(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> Situations:
    """Enumerate situations; so many at most that with all things in each, cost stays near n^2."""
    n = len(survey.objects)
    pairs = arrangements(n, 2, rng)
    most = PER_PAIR * n
    if len(pairs) > most:
        pairs = pairs[np.sort(rng.choice(len(pairs), size=most, replace=False))]
    s, f = pairs.T
    middle = survey.boxes.center[:, :2]
    ahead = heading_deg(middle[f] - middle[s])
    way = middle[None] - middle[s][:, None]
    corner_way = survey.corners[None, :, :, :2] - middle[s][:, None, None]
    apart = np.linalg.norm(way, axis=2)
    least = config.min_pair_distance_m if survey.geometry.scale == "metric" else 1e-9
    return Situations(
        pairs=pairs,
        angle=(heading_deg(way) - ahead[:, None]) % 360.0,
        corner=(heading_deg(corner_way) - ahead[:, None, None]) % 360.0,
        apart=apart,
        # On the table, facing the table: that is no direction.
        clear=(survey.gaps[s, f] >= least) & survey.names_apart(s, f),
    )


def off_center(angle: Float64[np.ndarray, "*n"], side: int) -> Float64[np.ndarray, "*n"]:
    """Return how far directions are from the middle of a quarter, 0..180 degrees."""
    off: Float64[np.ndarray, "*n"] = np.abs((angle - _CENTERS_DEG[side] + 180.0) % 360.0 - 180.0)
    return off


def angle_sigma_deg(
    survey: Survey, found: Situations, apart: Float64[np.ndarray, "p n"]
) -> Float64[np.ndarray, "p n"]:
    """Bound the standard deviation of each angle: both its ways are off at both ends."""
    faced = found.apart[np.arange(len(found.pairs)), found.pairs[:, 1]]
    ways = 1 / np.maximum(faced, 1e-9)[:, None] + 1 / np.maximum(apart, 1e-9)
    sigma: Float64[np.ndarray, "p n"] = np.degrees(survey.geometry.sigma_m * ways)
    return sigma


def answers_for(survey: Survey, i: int) -> tuple[str, ...]:
    """Return every way to name thing ``i`` as an answer where it is the only right one."""
    name, category = survey.names[i], survey.things[i].category
    plain = survey.references[i].by in (NamedBy.CATEGORY, NamedBy.COLOR)
    forms = [name, f"the {name}", with_article(name) if plain else name]
    return different([*forms, category, f"the {category}", with_article(category)])


def plain_categories(survey: Survey) -> Bool[np.ndarray, " k"]:
    """Whether no other category in view is called like this one, too ("chair", "office chair")."""
    names = survey.categories
    plain = [sum(is_called(other, name) for other in names) == 1 for name in names]
    return np.array(plain, dtype=np.bool_)
