"""MapAnything (github.com/facebookresearch/map-anything): poses, depth and metres in one pass.

Its ``infer`` takes one dict per view (``img`` normalised as its encoder wants it,
``data_norm_type``, and optionally ``intrinsics``, ``camera_poses`` c2w, ``depth_z``) and returns
one dict per view: ``depth_z`` (1, h, w, 1), ``intrinsics`` (1, 3, 3), ``camera_poses`` (1, 4, 4)
OpenCV c2w in metres, ``conf`` (1, h, w), ``mask`` (1, h, w, 1). Pixel centers are integers.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol, runtime_checkable

import numpy as np
import torch
from jaxtyping import Float64
from torch import Tensor

from synth.measure.estimator import Capability, EstimatedBy, EstimatedGeometry, GeometryRequest
from synth.measure.estimators.feed_forward import (
    cameras_of,
    clean_depth,
    patch_map,
    relative_poses,
    rigid,
    unit_frames,
)
from synth.measure.packages import ModelWeights, package_version, require_package
from synth.measure.pixel_map import PixelMap, to_integer_centers

_INSTALL: Final = (
    "pip install 'mapanything @ git+https://github.com/facebookresearch/map-anything.git'"
)
_LONGEST_PX: Final = 518
# The DINOv2 encoder's: mean and standard deviation of ImageNet.
_MEAN: Final = torch.tensor([0.485, 0.456, 0.406])[:, None, None]
_STD: Final = torch.tensor([0.229, 0.224, 0.225])[:, None, None]

MapAnythingView = Mapping[str, object]


@runtime_checkable
class MapAnythingModel(Protocol):
    """The part of ``mapanything.models.MapAnything`` that is used."""

    def infer(self, views: Sequence[MapAnythingView]) -> Sequence[Mapping[str, Tensor]]:
        """Return one prediction per view."""
        ...


class MapAnythingEstimator:
    """MapAnything behind the protocol.

    Args:
        model: Loaded model, already on its device.
        weights: Name of the weights, for the record.
        licence: SPDX of the weights: ``facebook/map-anything-apache`` is Apache-2.0,
            ``facebook/map-anything`` CC-BY-NC-4.0.
        longest_px: Longest side the model sees, a multiple of 14.
    """

    def __init__(
        self, model: MapAnythingModel, weights: str, licence: str, longest_px: int = _LONGEST_PX
    ) -> None:
        self._model = model
        self._weights = weights
        self._licence = licence
        self._longest_px = longest_px

    @classmethod
    def load(cls, weights: ModelWeights, device: str) -> "MapAnythingEstimator":
        """Load the package's model.

        Raises:
            MissingPackageError: ``mapanything`` is not installed.
        """
        models = require_package("mapanything.models", install=_INSTALL, wanted_by="MapAnything")
        model = models.MapAnything.from_pretrained(weights.id, revision=weights.revision)
        return cls(model.to(device).eval(), str(weights), weights.licence)

    @property
    def name(self) -> str:
        """Return ``map-anything:<weights>``."""
        return f"map-anything:{self._weights}"

    @property
    def provides(self) -> frozenset[Capability]:
        """Everything but sparse points."""
        return frozenset({"depth", "pose", "intrinsics", "metric"})

    @property
    def licence(self) -> str:
        """Terms of the weights."""
        return self._licence

    def estimate(self, request: GeometryRequest) -> EstimatedGeometry:
        """Estimate all frames at once; what the request knows goes in as a prior."""
        pixel_map = patch_map(request.frames.shape[1:3], self._longest_px)
        with torch.no_grad():
            predictions = self._model.infer(self._views(request, pixel_map))
        return self.convert(predictions, pixel_map)

    def convert(
        self, predictions: Sequence[Mapping[str, Tensor]], pixel_map: PixelMap
    ) -> EstimatedGeometry:
        """Bring predictions into this project's conventions; the world is the first camera's."""
        depth = _stacked(predictions, "depth_z")[..., 0]
        valid = _stacked(predictions, "mask")[..., 0] > 0.5
        return EstimatedGeometry(
            pixel_map=pixel_map,
            depth=clean_depth(np.where(valid, depth, 0.0)),
            intrinsics=cameras_of(_stacked(predictions, "intrinsics"), pixel_map),
            c2w=rigid(_stacked(predictions, "camera_poses")),
            registered=np.ones(len(predictions), dtype=np.bool_),
            confidence=_stacked(predictions, "conf").astype(np.float32),
            points=None,
            is_metric=True,
            scale_source="model",
            is_upright=False,
            reprojection_px=None,
            estimated_by=EstimatedBy(
                estimator=self.name,
                version=f"mapanything {package_version('mapanything')}",
                weights=self._weights,
                licence=self.licence,
            ),
        )

    def _views(self, request: GeometryRequest, pixel_map: PixelMap) -> list[dict[str, object]]:
        poses = None if request.c2w is None else relative_poses(request.c2w)
        views: list[dict[str, object]] = []
        for t, frame in enumerate(unit_frames(request.frames, pixel_map)):
            image = (torch.from_numpy(frame) - _MEAN) / _STD
            view: dict[str, object] = {
                "img": image[None].to(request.device),
                "data_norm_type": ["dinov2"],
            }
            if request.intrinsics is not None:
                known = pixel_map.intrinsics_to_model(request.intrinsics[t])
                matrix = torch.from_numpy(to_integer_centers(known)).float()
                view["intrinsics"] = matrix[None].to(request.device)
            if poses is not None:
                view["camera_poses"] = torch.from_numpy(poses[t]).float()[None].to(request.device)
                view["is_metric_scale"] = torch.tensor([True], device=request.device)
            views.append(view)
        return views


def _stacked(predictions: Sequence[Mapping[str, Tensor]], key: str) -> Float64[np.ndarray, "t ..."]:
    """Return one output of all views; every view is a batch of one."""
    return np.stack([p[key][0].detach().cpu().double().numpy() for p in predictions])
