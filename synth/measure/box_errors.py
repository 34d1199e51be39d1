"""How far a measured box is from the true one, face by face."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float64

from synth.scene import SceneObject


class BoxErrors(NamedTuple):
    """Measured minus true, in the length unit of the boxes."""

    outward: Float64[np.ndarray, "6"]  # by which each face lies too far out; -x +x -y +y -z +z
    center: float  # distance of the centers
    yaw_deg: float  # between the headings, modulo a quarter turn


def box_errors(
    center: Float64[np.ndarray, "3"],
    size: Float64[np.ndarray, "3"],
    rotation: Float64[np.ndarray, "3 3"],
    truth: SceneObject,
) -> BoxErrors:
    """Compare two upright boxes, whichever of its sides each calls its width.

    Faces are those of the measured box; each is held against the true face nearest to it in
    direction, so a wrong heading shows in ``yaw_deg`` and not in the faces.
    """
    turn = rotation.T @ truth.rotation
    partner = np.abs(turn).argmax(axis=1)  # axis of the true box that each measured axis is
    half_error = (size - truth.size[partner]) / 2
    offset = rotation.T @ (center - truth.center)
    outward = np.empty(6)
    outward[0::2], outward[1::2] = half_error - offset, half_error + offset
    cosine = float(np.clip(np.abs(turn[0]).max(), 0.0, 1.0))
    return BoxErrors(
        outward=outward,
        center=float(np.linalg.norm(center - truth.center)),
        yaw_deg=float(np.rad2deg(np.arccos(cosine))),
    )
