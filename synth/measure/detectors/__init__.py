"""All object detectors by name. To add one: a file here and a line in ``DETECTORS``.

Models are imported when a detector is made. The oracle is not in the table: it needs a clip's
truth.
"""

from collections.abc import Callable, Mapping
from typing import Final

from synth.measure.detector import ObjectDetector
from synth.measure.packages import ModelWeights


def _grounding_dino_sam2(weights: tuple[ModelWeights, ...], device: str) -> ObjectDetector:
    from synth.measure.detectors.grounding_dino_sam2 import GroundingDinoSam2

    if len(weights) != 2:
        raise ValueError(
            "grounding-dino+sam2 needs two weights (Grounding DINO, then SAM 2), got "
            f"{len(weights)}."
        )
    return GroundingDinoSam2(weights[0], weights[1], device)


DETECTORS: Final[Mapping[str, Callable[[tuple[ModelWeights, ...], str], ObjectDetector]]] = {
    "grounding-dino+sam2": _grounding_dino_sam2,
}


def make_detector(
    name: str, weights: tuple[ModelWeights, ...], device: str = "cpu"
) -> ObjectDetector:
    """Make a detector by its name.

    Raises:
        ValueError: The name is unknown, or the weights do not fit it.
    """
    if name not in DETECTORS:
        raise ValueError(f"no object detector {name!r}; there are {', '.join(DETECTORS)}.")
    return DETECTORS[name](weights, device)
