"""The oracle: exact geometry of rendered clips, from what the renderer knows."""

from importlib.metadata import version

import numpy as np

from synth.film import RenderedTruth
from synth.measure.motion import classify
from synth.scene import MultiViewSequence, Provenance, SceneGeometry


def measure_rendered(sequence: MultiViewSequence, truth: RenderedTruth) -> SceneGeometry:
    """Turn a rendered clip's truth into measured geometry, exact and metric.

    Objects without a visible pixel are left out: a label may only speak of what was shown.

    Raises:
        ValueError: ``truth`` belongs to another clip.
    """
    if sequence.sequence_id != truth.sequence_id:
        raise ValueError(
            f"measuring {sequence.sequence_id} with the truth of {truth.sequence_id}; pair the "
            "shards of one stage folder."
        )
    return SceneGeometry(
        sequence_id=sequence.sequence_id,
        scene_id=sequence.scene_id,
        intrinsics=truth.intrinsics,
        c2w=truth.c2w,
        keyframes=tuple(range(len(truth.depth))),
        depth=truth.depth,
        instances=truth.instances,
        reliable=truth.depth > 0,
        objects=tuple(o for o in truth.objects if o.visible_pixels.any()),
        room_polygon=np.asarray(truth.room_polygon, dtype=np.float64),
        motion=classify(truth.c2w, truth.intrinsics),
        scale="metric",
        sigma_m=0.0,
        provenance=Provenance(
            made_by="oracle", seed=sequence.provenance.seed, code=version("vega3d-toolkit")
        ),
    )
