"""Ask how far apart two objects are (VSI-Bench's ``object_abs_distance``)."""

from math import comb
from typing import Final

import numpy as np

from qa_gen.config import LabelConfig
from qa_gen.record import Quantity, QuestionKind, Skipped, SkipReason, SpatialQA
from qa_gen.survey import Check, Survey, sample_evenly, sieve

KIND: Final = QuestionKind.OBJECT_ABS_DISTANCE
DEFINITION: Final = "obb_gap_min_m"  # least distance between the surfaces of the oriented boxes
DECIMALS: Final = 1
_STRATUM_RATIO: Final = 1.5  # distances within this ratio count as alike when sampling


def wording(first: str, second: str) -> str:
    """Return VSI-Bench's question."""
    return (
        "Measuring from the closest point of each object, what is the distance between the "
        f"{first} and the {second} (in meters)?"
    )


def ask(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> list[SpatialQA | Skipped]:
    """Ask about every pair of objects that is clear enough, up to the cap."""
    geometry = survey.geometry
    skips = survey.pool_skips(KIND, lambda n: comb(n, 2))
    first, second = np.triu_indices(len(survey.objects), k=1)
    gap = survey.gaps[first, second]
    sigma = geometry.sigma_m * 2**0.5  # one face of each box
    metric = np.full(len(gap), geometry.scale == "metric")
    checks = [
        Check(SkipReason.SCALE_NOT_METRIC, metric),
        Check(SkipReason.OBJECTS_TOO_CLOSE, gap >= config.min_gap_m),
        Check(SkipReason.UNCERTAIN, gap >= config.sigma_factor * sigma),
    ]
    sieved = sieve(KIND, geometry.sequence_id, checks)
    times_floor = gap[sieved.kept] / config.min_gap_m
    strata = np.floor(np.log(times_floor) / np.log(_STRATUM_RATIO)).astype(np.int64)
    sieved = sample_evenly(sieved, strata, config.max_per_kind, rng)
    questions = [
        _question(survey, int(first[c]), int(second[c]), sigma, config) for c in sieved.kept
    ]
    return [*questions, *skips, *sieved.skips]


def _question(
    survey: Survey, first: int, second: int, sigma: float, config: LabelConfig
) -> SpatialQA:
    geometry = survey.geometry
    named = (survey.objects[first], survey.objects[second])
    ids = tuple(thing.instance_id for thing in named)
    gap = float(survey.gaps[first, second])
    return SpatialQA(
        qa_id=f"{geometry.sequence_id}/{KIND}/{ids[0]}-{ids[1]}",
        sequence_id=geometry.sequence_id,
        scene_id=geometry.scene_id,
        kind=KIND,
        question=wording(named[0].category, named[1].category),
        answer=Quantity(round(gap, DECIMALS), "m", DECIMALS),
        definition=DEFINITION,
        value=gap,
        margin=gap,
        margin_unit="m",
        sigma=sigma,
        evidence_frames=survey.evidence(named, config.min_visible_pixels),
        objects=ids,
        geometry_source=geometry.provenance.made_by,
    )
