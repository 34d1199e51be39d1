"""Depth-Anything-3 (github.com/ByteDance-Seed/Depth-Anything-3): depth, poses, metres by variant.

``DepthAnything3.inference`` takes a list of frames and returns an object with ``depth`` (n, h, w),
``conf`` (n, h, w) or none, ``extrinsics`` (n, 3, 4) **w2c** and ``intrinsics`` (n, 3, 3) at the
processed size, pixel centers integers. Its processor resizes the longest side to ``process_res``
and crops or pads nothing after rounding to whole patches, so both sides are stretched.

Which variants know metres: NESTED gives metres; METRIC gives depth for a camera with a focal
length of 300 px (metres = focal x output / 300) and no poses; the others are relative.
"""

from typing import Final, Literal, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float, UInt8

from synth.cameras import Intrinsics
from synth.measure.estimator import Capability, EstimatedBy, EstimatedGeometry, GeometryRequest
from synth.measure.estimators.feed_forward import c2w_of_w2c, cameras_of, clean_depth
from synth.measure.packages import ModelWeights, package_version, require_package
from synth.measure.pixel_map import PixelMap

_INSTALL: Final = "pip install depth-anything-3"
_FOCAL_OF_METRIC: Final = 300.0  # px

Variant = Literal["relative", "metric", "nested"]


@runtime_checkable
class DepthAnything3Prediction(Protocol):
    """The part of ``depth_anything_3.specs.Prediction`` that is used."""

    depth: Float[np.ndarray, "n h w"]
    conf: Float[np.ndarray, "n h w"] | None
    extrinsics: Float[np.ndarray, "n 3 4"] | None
    intrinsics: Float[np.ndarray, "n 3 3"] | None


@runtime_checkable
class DepthAnything3Model(Protocol):
    """The part of ``depth_anything_3.api.DepthAnything3`` that is used."""

    def inference(self, image: list[UInt8[np.ndarray, "h w 3"]]) -> DepthAnything3Prediction:
        """Return the prediction of all frames."""
        ...


class DepthAnything3Estimator:
    """Depth-Anything-3 behind the protocol.

    Args:
        model: Loaded model, already on its device.
        variant: What its outputs mean.
        weights: Name of the weights, for the record.
        licence: SPDX of the weights (SMALL, BASE and METRIC-LARGE: Apache-2.0; LARGE, GIANT and
            NESTED: CC-BY-NC-4.0).
    """

    def __init__(
        self, model: DepthAnything3Model, variant: Variant, weights: str, licence: str
    ) -> None:
        self._model = model
        self._variant: Variant = variant
        self._weights = weights
        self._licence = licence

    @classmethod
    def load(cls, weights: ModelWeights, device: str) -> "DepthAnything3Estimator":
        """Load the package's model; the variant is read from the name of the weights.

        Raises:
            MissingPackageError: ``depth_anything_3`` is not installed.
        """
        api = require_package(
            "depth_anything_3.api", install=_INSTALL, wanted_by="Depth-Anything-3"
        )
        model = api.DepthAnything3.from_pretrained(weights.id, revision=weights.revision)
        return cls(model.to(device).eval(), variant_of(weights.id), str(weights), weights.licence)

    @property
    def name(self) -> str:
        """Return ``depth-anything-3:<weights>``."""
        return f"depth-anything-3:{self._weights}"

    @property
    def provides(self) -> frozenset[Capability]:
        """What the variant gives."""
        match self._variant:
            case "relative":
                return frozenset({"depth", "pose", "intrinsics"})
            case "metric":
                return frozenset({"depth", "metric"})
            case "nested":
                return frozenset({"depth", "pose", "intrinsics", "metric"})

    @property
    def licence(self) -> str:
        """Terms of the weights."""
        return self._licence

    def estimate(self, request: GeometryRequest) -> EstimatedGeometry:
        """Estimate all frames at once.

        Raises:
            ValueError: The METRIC variant was asked without known intrinsics.
        """
        prediction = self._model.inference(list(request.frames))
        return self.convert(prediction, request.frames.shape[1:3], request.intrinsics)

    def convert(
        self,
        prediction: DepthAnything3Prediction,
        source: tuple[int, int],
        known: tuple[Intrinsics, ...] | None,
    ) -> EstimatedGeometry:
        """Bring a prediction into this project's conventions.

        Args:
            prediction: Of all frames.
            source: Height and width of the frames.
            known: Their cameras, needed by the METRIC variant.
        """
        n_frames, height, width = prediction.depth.shape
        pixel_map = PixelMap.stretched(source=source, size=(height, width))
        depth = prediction.depth.astype(np.float64)
        cameras, c2w = None, None
        if self._variant == "metric":
            if known is None:
                raise ValueError(
                    f"{self.name}: its depth is metric only with the focal length; pass known "
                    "intrinsics, or use a NESTED checkpoint."
                )
            cameras = tuple(pixel_map.intrinsics_to_model(k) for k in known)
            focal = np.array([(k.fx + k.fy) / 2 for k in cameras])
            depth = depth * (focal / _FOCAL_OF_METRIC)[:, None, None]
        elif prediction.extrinsics is not None and prediction.intrinsics is not None:
            cameras = cameras_of(prediction.intrinsics, pixel_map)
            c2w = c2w_of_w2c(prediction.extrinsics)
        is_metric = self._variant != "relative"
        return EstimatedGeometry(
            pixel_map=pixel_map,
            depth=clean_depth(depth),
            intrinsics=cameras,
            c2w=c2w,
            registered=np.ones(n_frames, dtype=np.bool_),
            confidence=None if prediction.conf is None else prediction.conf.astype(np.float32),
            points=None,
            is_metric=is_metric,
            scale_source="model" if is_metric else "none",
            is_upright=False,
            reprojection_px=None,
            estimated_by=EstimatedBy(
                estimator=self.name,
                version=f"depth-anything-3 {package_version('depth-anything-3')}",
                weights=self._weights,
                licence=self.licence,
            ),
        )


def variant_of(weights_id: str) -> Variant:
    """Return what the outputs of published weights mean, by their name (``DA3METRIC-LARGE``)."""
    name = weights_id.rsplit("/", maxsplit=1)[-1].upper()
    if "NESTED" in name:
        return "nested"
    return "metric" if "METRIC" in name else "relative"
