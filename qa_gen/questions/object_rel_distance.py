"""Ask which of four objects is closest to a fifth (VSI-Bench's ``object_rel_distance``)."""

from collections.abc import Sequence
from itertools import combinations
from math import comb
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float64, Int64

from qa_gen.config import LabelConfig
from qa_gen.record import Choice, QuestionKind, Skipped, SkipReason, SpatialQA
from qa_gen.survey import Check, Survey, sample_evenly, sieve

KIND: Final = QuestionKind.OBJECT_REL_DISTANCE
DEFINITION: Final = "argmin_obb_gap_min_m"
N_OPTIONS: Final = 4


class _Candidates(NamedTuple):
    """Every choice of a primary object and four others, as indices into the survey's objects."""

    primary: Int64[np.ndarray, " c"]
    options: Int64[np.ndarray, "c 4"]  # ascending
    closest: Int64[np.ndarray, " c"]  # the option with the least gap
    lead: Float64[np.ndarray, " c"]  # second least gap minus least gap


def wording(primary: str, options: Sequence[str]) -> str:
    """Return VSI-Bench's question; ``options`` in the order of the letters."""
    return (
        "Measuring from the closest point of each object, which of these objects "
        f"({', '.join(options)}) is the closest to the {primary}?"
    )


def ask(survey: Survey, config: LabelConfig, rng: np.random.Generator) -> list[SpatialQA | Skipped]:
    """Ask about every five objects with a clear nearest one, up to the cap."""
    geometry = survey.geometry
    skips = survey.pool_skips(KIND, lambda n: n * comb(n - 1, N_OPTIONS) if n else 0)
    found = _enumerate(survey.gaps)
    sigma = geometry.sigma_m * 2.0  # the difference of two gaps: four faces
    checks = [
        Check(SkipReason.SCALE_NOT_METRIC, np.full(len(found.lead), geometry.scale == "metric")),
        Check(SkipReason.MARGIN_TOO_SMALL, found.lead >= config.min_lead_m),
        Check(SkipReason.UNCERTAIN, found.lead >= config.sigma_factor * sigma),
    ]
    sieved = sieve(KIND, geometry.sequence_id, checks)
    sieved = sample_evenly(sieved, found.closest[sieved.kept], config.max_per_kind, rng)
    kept = sieved.kept
    shown = rng.permuted(found.options[kept], axis=1)  # puts the truth anywhere, uniformly
    questions = [
        _question(survey, config, int(found.primary[c]), order.tolist(), float(found.lead[c]))
        for c, order in zip(kept, shown, strict=True)
    ]
    return [*questions, *skips, *sieved.skips]


def _enumerate(gaps: Float64[np.ndarray, "n n"]) -> _Candidates:
    n = len(gaps)
    of_others = np.array(list(combinations(range(max(n - 1, 0)), N_OPTIONS)), dtype=np.int64)
    of_others = of_others.reshape(-1, N_OPTIONS)
    primary = np.repeat(np.arange(n), len(of_others))
    options = np.tile(of_others, (n, 1))
    options += options >= primary[:, None]  # step over the primary itself
    to_options = gaps[primary[:, None], options]
    ranked = np.sort(to_options, axis=1)
    nearest = to_options.argmin(axis=1)
    return _Candidates(
        primary=primary,
        options=options,
        closest=options[np.arange(len(options)), nearest],
        lead=ranked[:, 1] - ranked[:, 0],
    )


def _question(
    survey: Survey, config: LabelConfig, primary: int, order: list[int], lead: float
) -> SpatialQA:
    geometry = survey.geometry
    gaps = survey.gaps[primary, order]
    named = [survey.objects[primary], *(survey.objects[i] for i in order)]
    categories = [thing.category for thing in named]
    ids = [named[0].instance_id, *sorted(thing.instance_id for thing in named[1:])]
    return SpatialQA(
        qa_id=f"{geometry.sequence_id}/{KIND}/{'-'.join(map(str, ids))}",
        sequence_id=geometry.sequence_id,
        scene_id=geometry.scene_id,
        kind=KIND,
        question=wording(categories[0], categories[1:]),
        answer=Choice(tuple(categories[1:]), int(gaps.argmin())),
        definition=DEFINITION,
        value=float(gaps.min()),
        margin=lead,
        margin_unit="m",
        sigma=geometry.sigma_m * 2.0,
        evidence_frames=survey.evidence(named, config.min_visible_pixels),
        objects=tuple(thing.instance_id for thing in named),
        geometry_source=geometry.provenance.made_by,
    )
