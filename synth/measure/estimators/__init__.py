"""All geometry estimators by name. To add one: a file here and a line in ``ESTIMATORS``.

Everything heavy is imported when an estimator is made, and a package that is not installed fails
then, with the line that installs it. The oracle is not in the table: it needs a clip's truth.
"""

from collections.abc import Callable, Mapping
from typing import Final

from synth.measure.estimator import GeometryEstimator
from synth.measure.packages import ModelWeights


def _pycolmap(weights: ModelWeights | None, device: str) -> GeometryEstimator:
    from synth.measure.estimators.sfm import SfmEstimator

    if weights is not None:
        raise ValueError(f"pycolmap has no weights, got {weights}.")
    if device != "cpu":
        raise ValueError(f"pycolmap runs on the CPU, got device {device!r}.")
    return SfmEstimator()


def _depth_anything(weights: ModelWeights | None, device: str) -> GeometryEstimator:
    from synth.measure.estimators.depth_anything import DepthAnything

    return DepthAnything(_needed(weights, "depth-anything"), device)


def _map_anything(weights: ModelWeights | None, device: str) -> GeometryEstimator:
    from synth.measure.estimators.map_anything import MapAnythingEstimator

    return MapAnythingEstimator.load(_needed(weights, "map-anything"), device)


def _depth_anything_3(weights: ModelWeights | None, device: str) -> GeometryEstimator:
    from synth.measure.estimators.depth_anything_3 import DepthAnything3Estimator

    return DepthAnything3Estimator.load(_needed(weights, "depth-anything-3"), device)


def _vggt(weights: ModelWeights | None, device: str) -> GeometryEstimator:
    from synth.measure.estimators.vggt import VggtEstimator

    return VggtEstimator.load(_needed(weights, "vggt"), device)


ESTIMATORS: Final[Mapping[str, Callable[[ModelWeights | None, str], GeometryEstimator]]] = {
    "pycolmap": _pycolmap,
    "depth-anything": _depth_anything,
    "map-anything": _map_anything,
    "depth-anything-3": _depth_anything_3,
    "vggt": _vggt,
}


def make_estimator(
    name: str, weights: ModelWeights | None = None, device: str = "cpu"
) -> GeometryEstimator:
    """Make an estimator by its name.

    ``"a+b"`` takes poses from ``a`` and metric depth from ``b``, which the weights are for:
    ``make_estimator("pycolmap+depth-anything", weights)``.

    Raises:
        ValueError: The name is unknown, or weights are missing or too many.
        MissingPackageError: Its package is not installed.
    """
    if "+" in name:
        from synth.measure.estimators.posed_depth import PosedDepth

        poses, depth = name.split("+", maxsplit=1)
        return PosedDepth(poses=make_estimator(poses), depth=make_estimator(depth, weights, device))
    if name not in ESTIMATORS:
        raise ValueError(
            f"no geometry estimator {name!r}; there are {', '.join(ESTIMATORS)}, and two joined "
            "by + (poses+depth)."
        )
    return ESTIMATORS[name](weights, device)


def _needed(weights: ModelWeights | None, name: str) -> ModelWeights:
    if weights is None:
        raise ValueError(
            f"the estimator {name!r} needs weights: a folder, or a Hub repository with a revision."
        )
    return weights
