"""Which objects come nearer to the camera than which others, image by image."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float64, Int64

from qa_gen.survey import Survey

DEPTH_MEANING = (
    "How near an object is, is told by its nearest visible part: by the nearest of its pixels and "
    "by the nearest tenth of them, along the viewing direction (z) and along the ray; only what "
    "is true of all four is asked"
)


class Leads(NamedTuple):
    """How much farther one named object is than another in each keyframe.

    Attributes:
        lead: [a, b, k]: by what share of a's depth b is farther than a: b's nearest pixel against
            the end of a's nearest tenth, along z or the ray, whichever says less. Minus infinity
            where keyframe k does not show both.
        sigma: Its standard deviation.
        depth: [a, k]: what the order of depths is read from.
    """

    lead: Float64[np.ndarray, "n n k"]
    sigma: Float64[np.ndarray, "n n k"]
    depth: Float64[np.ndarray, "n k"]


class Ordered(NamedTuple):
    """Sets of objects from near to far in each keyframe.

    Attributes:
        order: Indices of objects, nearest first.
        lead: How much farther each but the first is than the one before.
        sigma: Its standard deviation.
    """

    order: Int64[np.ndarray, "c k m"]
    lead: Float64[np.ndarray, "c k m1"]
    sigma: Float64[np.ndarray, "c k m1"]


def measure_leads(survey: Survey) -> Leads:
    """Compare every two named objects in every keyframe."""
    n = len(survey.objects)
    shown = survey.named_in[:n]
    found = survey.nearness
    tenth_z = np.where(shown, found.tenth_z[:n], np.inf)
    both = shown[:, None] & shown[None, :] & np.isfinite(tenth_z[:, None] + tenth_z[None, :])
    ratio = np.full(both.shape, np.inf)
    for least, tenth in ((found.least_z, found.tenth_z), (found.least_ray, found.tenth_ray)):
        far = np.where(both, least[None, :n], 0.0)
        ratio = np.minimum(ratio, far / np.where(both, tenth[:n, None], 1.0))
    near = np.where(both, tenth_z[:, None], np.inf)
    return Leads(
        lead=np.where(both, ratio - 1, -np.inf),
        sigma=survey.geometry.sigma_m / near * np.sqrt(1 + ratio**2),
        depth=tenth_z,
    )


def put_in_order(leads: Leads, sets: Int64[np.ndarray, "c m"]) -> Ordered:
    """Order sets of objects from near to far."""
    depth = np.swapaxes(leads.depth[sets], 1, 2)  # (c, k, m)
    nearest_first = np.argsort(depth, axis=2, kind="stable")
    order = np.take_along_axis(sets[:, None, :], nearest_first, axis=2)
    keyframe = np.arange(leads.depth.shape[1])[None, :, None]
    pair = order[..., :-1], order[..., 1:], keyframe
    return Ordered(order=order, lead=leads.lead[pair], sigma=leads.sigma[pair])
