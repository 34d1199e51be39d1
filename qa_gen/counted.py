"""What a category's name means in what the frames show, and where it can be counted.

An instance that shows a few pixels may be seen or overlooked, so its category has no count: a
category is counted only where each instance in view shows clearly in some keyframe. Nor has one
that other things are called by as well: where there are chairs and an office chair, one may count
the office chair or not.
"""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Int64

from qa_gen.survey import Survey
from qa_gen.words import is_called

LEAST: Final = 2  # VSI-Bench asks about two or more; what stands alone is "the chair"


class Counts(NamedTuple):
    """The categories in view with ``LEAST`` or more instances, by name.

    Attributes:
        categories: Their names.
        number: Instances in view.
        clear: Whether each of them shows clearly somewhere.
        alone: Whether nothing of another category is called the same.
    """

    categories: tuple[str, ...]
    number: Int64[np.ndarray, " k"]
    clear: Bool[np.ndarray, " k"]
    alone: Bool[np.ndarray, " k"]


def count_instances(survey: Survey) -> Counts:
    """Count the instances of each category in view."""
    n = len(survey.categories)
    in_view = np.bincount(survey.category_index, minlength=n)
    faint = np.bincount(survey.category_index[~survey.shown], minlength=n)
    several = np.flatnonzero(in_view >= LEAST)
    return Counts(
        categories=tuple(survey.categories[c] for c in several),
        number=in_view[several],
        clear=faint[several] == 0,
        alone=called_so(survey).sum(axis=1)[several] == in_view[several],
    )


def called_so(survey: Survey) -> Bool[np.ndarray, "k n"]:
    """Whether each thing may be called by each category's name: an office chair is a chair."""
    names = survey.categories
    rows = [[is_called(other, name) for other in names] for name in names]
    kin = np.array(rows, dtype=np.bool_).reshape(len(names), len(names))
    called: Bool[np.ndarray, "k n"] = kin[:, survey.category_index]
    return called


def members(survey: Survey, category: str) -> tuple[int, ...]:
    """Return the things of a category, as indices, by instance id."""
    place = survey.categories.index(category)
    found = np.flatnonzero(survey.category_index == place).tolist()
    return tuple(sorted(found, key=lambda i: survey.things[i].instance_id))


def count_sigma(survey: Survey, n: int) -> Float64[np.ndarray, " n"]:
    """Return 0 for exact geometry; how sure an estimator's detections are is not modelled."""
    exact = survey.geometry.sigma_m == 0
    return np.full(n, 0.0 if exact else np.nan)
