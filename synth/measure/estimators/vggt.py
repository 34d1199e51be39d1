"""VGGT (github.com/facebookresearch/vggt): poses, intrinsics and depth of a relative world.

The model takes (s, 3, h, w) frames in 0..1 and returns a dict: ``pose_enc`` (1, s, 9), ``depth``
(1, s, h, w, 1), ``depth_conf`` (1, s, h, w). ``pose_encoding_to_extri_intri`` makes **w2c**
(1, s, 3, 4) and ``K`` (1, s, 3, 3) of the encoding. Pixel centers are integers. Depth lifted by
the cameras is used, not the model's point head (which its authors found worse).
"""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import torch
from torch import Tensor

from synth.measure.estimator import Capability, EstimatedBy, EstimatedGeometry, GeometryRequest
from synth.measure.estimators.feed_forward import (
    c2w_of_w2c,
    cameras_of,
    clean_depth,
    patch_map,
    unit_frames,
)
from synth.measure.packages import ModelWeights, package_version, require_package
from synth.measure.pixel_map import PixelMap

_INSTALL: Final = "pip install 'vggt @ git+https://github.com/facebookresearch/vggt.git'"
_LONGEST_PX: Final = 518

VggtModel = Callable[[Tensor], Mapping[str, Tensor]]
PoseDecoder = Callable[[Tensor, tuple[int, int]], tuple[Tensor, Tensor]]


class VggtEstimator:
    """VGGT behind the protocol.

    Args:
        model: Loaded model, already on its device.
        decode_poses: ``vggt.utils.pose_enc.pose_encoding_to_extri_intri``.
        weights: Name of the weights, for the record.
        licence: Terms of the weights (VGGT-1B: CC-BY-NC-4.0; the commercial checkpoint its own).
        longest_px: Longest side the model sees, a multiple of 14.
    """

    def __init__(
        self,
        model: VggtModel,
        decode_poses: PoseDecoder,
        weights: str,
        licence: str,
        longest_px: int = _LONGEST_PX,
    ) -> None:
        self._model = model
        self._decode_poses = decode_poses
        self._weights = weights
        self._licence = licence
        self._longest_px = longest_px

    @classmethod
    def load(cls, weights: ModelWeights, device: str) -> "VggtEstimator":
        """Load the package's model.

        Raises:
            MissingPackageError: ``vggt`` is not installed.
        """
        models = require_package("vggt.models.vggt", install=_INSTALL, wanted_by="VGGT")
        poses = require_package("vggt.utils.pose_enc", install=_INSTALL, wanted_by="VGGT")
        model = models.VGGT.from_pretrained(weights.id, revision=weights.revision)
        return cls(
            model.to(device).eval(),
            poses.pose_encoding_to_extri_intri,
            str(weights),
            weights.licence,
        )

    @property
    def name(self) -> str:
        """Return ``vggt:<weights>``."""
        return f"vggt:{self._weights}"

    @property
    def provides(self) -> frozenset[Capability]:
        """Depth, poses and intrinsics, without metres."""
        return frozenset({"depth", "pose", "intrinsics"})

    @property
    def licence(self) -> str:
        """Terms of the weights."""
        return self._licence

    def estimate(self, request: GeometryRequest) -> EstimatedGeometry:
        """Estimate all frames at once. The model takes no priors."""
        pixel_map = patch_map(request.frames.shape[1:3], self._longest_px)
        images = torch.from_numpy(unit_frames(request.frames, pixel_map)).to(request.device)
        with torch.no_grad():
            return self.convert(self._model(images), pixel_map)

    def convert(self, predictions: Mapping[str, Tensor], pixel_map: PixelMap) -> EstimatedGeometry:
        """Bring predictions into this project's conventions."""
        size = (pixel_map.height, pixel_map.width)
        w2c, matrices = self._decode_poses(predictions["pose_enc"], size)
        depth = predictions["depth"][0, ..., 0].detach().cpu().double().numpy()
        return EstimatedGeometry(
            pixel_map=pixel_map,
            depth=clean_depth(depth),
            intrinsics=cameras_of(matrices[0].detach().cpu().double().numpy(), pixel_map),
            c2w=c2w_of_w2c(w2c[0].detach().cpu().double().numpy()),
            registered=np.ones(len(depth), dtype=np.bool_),
            confidence=predictions["depth_conf"][0].detach().cpu().float().numpy(),
            points=None,
            is_metric=False,
            scale_source="none",
            is_upright=False,
            reprojection_px=None,
            estimated_by=EstimatedBy(
                estimator=self.name,
                version=f"vggt {package_version('vggt')}",
                weights=self._weights,
                licence=self.licence,
            ),
        )
