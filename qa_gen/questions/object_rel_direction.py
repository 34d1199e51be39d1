"""Ask where an object is for someone at a second one facing a third (VSI-Bench's three levels)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import perm
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float64, Int64

from qa_gen.config import LabelConfig
from qa_gen.directions import (
    EASY,
    HARD,
    MEDIUM,
    Bearing,
    Sectors,
    classify_turns,
    turn_deg,
    turn_sigma_deg,
)
from qa_gen.record import Choice, QuestionKind, Skipped, SkipReason, SpatialQA
from qa_gen.survey import Check, Survey, sample_evenly, sieve

DEFINITION: Final = "floor_plane_turn_of_obb_centers_deg"


@dataclass(frozen=True, slots=True)
class Level:
    """One of VSI-Bench's levels.

    Attributes:
        sectors: The answers.
        wording: The question about (position, facing, query).
    """

    sectors: Sectors
    wording: Callable[[str, str, str], str]


def _easy_wording(position: str, facing: str, query: str) -> str:
    return (
        f"If I am standing by the {position} and facing the {facing}, is the {query} to the left "
        f"or the right of the {facing}?"
    )


def _medium_wording(position: str, facing: str, query: str) -> str:
    return (
        f"If I am standing by the {position} and facing the {facing}, is the {query} to my left, "
        "right, or back?\nAn object is to my back if I would have to turn at least 135 degrees "
        "in order to face it."
    )


def _hard_wording(position: str, facing: str, query: str) -> str:
    return (
        f"If I am standing by the {position} and facing the {facing}, is the {query} to my "
        "front-left, front-right, back-left, or back-right?\nThe directions refer to the "
        "quadrants of a Cartesian plane (if I am standing at the origin and facing along the "
        "positive y-axis)."
    )


LEVELS: Final[Mapping[QuestionKind, Level]] = {
    QuestionKind.OBJECT_REL_DIRECTION_EASY: Level(EASY, _easy_wording),
    QuestionKind.OBJECT_REL_DIRECTION_MEDIUM: Level(MEDIUM, _medium_wording),
    QuestionKind.OBJECT_REL_DIRECTION_HARD: Level(HARD, _hard_wording),
}


def ask_easy(
    survey: Survey, config: LabelConfig, rng: np.random.Generator
) -> list[SpatialQA | Skipped]:
    """Ask left or right."""
    return _ask(QuestionKind.OBJECT_REL_DIRECTION_EASY, survey, config, rng)


def ask_medium(
    survey: Survey, config: LabelConfig, rng: np.random.Generator
) -> list[SpatialQA | Skipped]:
    """Ask left, right or back."""
    return _ask(QuestionKind.OBJECT_REL_DIRECTION_MEDIUM, survey, config, rng)


def ask_hard(
    survey: Survey, config: LabelConfig, rng: np.random.Generator
) -> list[SpatialQA | Skipped]:
    """Ask which of four quadrants."""
    return _ask(QuestionKind.OBJECT_REL_DIRECTION_HARD, survey, config, rng)


class _Candidates(NamedTuple):
    """Every ordered triple of objects, as indices into the survey's objects."""

    triples: Int64[np.ndarray, "c 3"]  # position, facing, query
    angle_deg: Float64[np.ndarray, " c"]
    sigma_deg: Float64[np.ndarray, " c"]
    nearest_pair: Float64[np.ndarray, " c"]  # least and greatest distance between two middles
    farthest_pair: Float64[np.ndarray, " c"]


def _ask(
    kind: QuestionKind, survey: Survey, config: LabelConfig, rng: np.random.Generator
) -> list[SpatialQA | Skipped]:
    geometry = survey.geometry
    sectors = LEVELS[kind].sectors
    found = _enumerate(survey)
    bearing = classify_turns(found.angle_deg, sectors)
    # Lengths without metres cannot be held against limits in metres; angles need none.
    scale_free = geometry.scale != "metric"
    near_enough = found.farthest_pair <= config.max_pair_distance_m
    checks = [
        Check(
            SkipReason.OBJECTS_TOO_CLOSE,
            (found.nearest_pair > 0)
            & (scale_free | (found.nearest_pair >= config.min_pair_distance_m)),
        ),
        Check(SkipReason.OBJECTS_TOO_FAR, scale_free | near_enough),
        Check(SkipReason.MARGIN_TOO_SMALL, bearing.margin_deg >= config.min_turn_margin_deg),
        Check(SkipReason.UNCERTAIN, bearing.margin_deg >= config.sigma_factor * found.sigma_deg),
        Check(
            SkipReason.FOOTPRINT_ACROSS_SECTORS,
            _corners_astray(survey, found.triples, bearing, sectors) <= config.max_corners_astray,
        ),
    ]
    sieved = sieve(kind, geometry.sequence_id, checks)
    sieved = sample_evenly(sieved, bearing.sector[sieved.kept], config.max_per_kind, rng)
    every_option = np.tile(np.arange(len(sectors.names)), (len(sieved.kept), 1))
    shown = rng.permuted(every_option, axis=1)  # puts the truth anywhere, uniformly
    questions = [
        _question(kind, survey, config, _row(found, bearing, int(c)), order.tolist())
        for c, order in zip(sieved.kept, shown, strict=True)
    ]
    return [*questions, *survey.pool_skips(kind, lambda n: perm(n, 3)), *sieved.skips]


def _enumerate(survey: Survey) -> _Candidates:
    n = len(survey.objects)
    grid = np.indices((n, n, n)).reshape(3, -1).T
    p, f, q = grid.T
    triples = grid[(p != f) & (f != q) & (p != q)]
    middles = survey.boxes.center[:, :2]
    apart = np.linalg.norm(middles[:, None] - middles[None], axis=2)
    p, f, q = triples.T
    pairs = np.stack([apart[p, f], apart[p, q], apart[f, q]])
    angle = turn_deg(middles[p], middles[f], middles[q])
    # Zero distances are refused below; 1 keeps the arithmetic quiet until then.
    to_facing, to_query = (np.where(d > 0, d, 1.0) for d in (pairs[0], pairs[1]))
    center_sigma = survey.geometry.sigma_m / 2**0.5  # a middle is the mean of two faces
    return _Candidates(
        triples=triples,
        angle_deg=angle,
        sigma_deg=turn_sigma_deg(angle, to_facing, to_query, center_sigma),
        nearest_pair=pairs.min(axis=0),
        farthest_pair=pairs.max(axis=0),
    )


def _corners_astray(
    survey: Survey, triples: Int64[np.ndarray, "c 3"], bearing: Bearing, sectors: Sectors
) -> Int64[np.ndarray, " c"]:
    """Count the corners of each query box that would be answered differently from its middle."""
    middles = survey.boxes.center[:, :2]
    corners = survey.boxes.corners()[:, :, :2]
    p, f, q = triples.T
    angle = turn_deg(middles[p][:, None], middles[f][:, None], corners[q])
    corner_sector = classify_turns(angle, sectors).sector
    astray: Int64[np.ndarray, " c"] = (corner_sector != bearing.sector[:, None]).sum(axis=1)
    return astray


class _Row(NamedTuple):
    triple: tuple[int, int, int]
    angle_deg: float
    sigma_deg: float
    sector: int
    margin_deg: float


def _row(found: _Candidates, bearing: Bearing, c: int) -> _Row:
    p, f, q = found.triples[c].tolist()
    return _Row(
        triple=(p, f, q),
        angle_deg=float(found.angle_deg[c]),
        sigma_deg=float(found.sigma_deg[c]),
        sector=int(bearing.sector[c]),
        margin_deg=float(bearing.margin_deg[c]),
    )


def _question(
    kind: QuestionKind, survey: Survey, config: LabelConfig, row: _Row, order: list[int]
) -> SpatialQA:
    geometry = survey.geometry
    level = LEVELS[kind]
    position, facing, query = (survey.objects[i] for i in row.triple)
    ids = (position.instance_id, facing.instance_id, query.instance_id)
    options = tuple(level.sectors.names[i] for i in order)
    return SpatialQA(
        qa_id=f"{geometry.sequence_id}/{kind}/{ids[0]}-{ids[1]}-{ids[2]}",
        sequence_id=geometry.sequence_id,
        scene_id=geometry.scene_id,
        kind=kind,
        question=level.wording(position.category, facing.category, query.category),
        answer=Choice(options, order.index(row.sector)),
        definition=DEFINITION,
        value=row.angle_deg,
        margin=row.margin_deg,
        margin_unit="deg",
        sigma=row.sigma_deg,
        evidence_frames=survey.evidence((position, facing, query), config.min_visible_pixels),
        objects=ids,
        geometry_source=geometry.provenance.made_by,
    )
