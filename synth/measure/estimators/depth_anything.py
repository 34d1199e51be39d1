"""Depth-Anything-V2 with its metric head: depth of single frames in metres, by transformers.

The checkpoint's own image processor resizes and pads; what it did is undone exactly, so that depth
comes back on source pixels. Only metric checkpoints are taken: relative ones give inverse depth.
"""

from typing import Final

import numpy as np
import torch
from jaxtyping import Float32, UInt8
from torch import Tensor
from transformers import AutoImageProcessor, DepthAnythingForDepthEstimation

from synth.measure.estimator import Capability, EstimatedBy, EstimatedGeometry, GeometryRequest
from synth.measure.packages import ModelWeights, package_version
from synth.measure.pixel_map import PixelMap

_BATCH: Final = 8


class DepthAnything:
    """The model with its image processor, loaded once.

    Args:
        weights: A ``save_pretrained`` folder or a pinned Hub repository, with a preprocessor.
        device: Where the network runs.

    Raises:
        ValueError: The checkpoint has no metric head.
    """

    def __init__(self, weights: ModelWeights, device: str = "cpu") -> None:
        # The PIL processor everywhere: the torchvision one resizes to slightly other pixels.
        self._processor = AutoImageProcessor.from_pretrained(
            weights.id, revision=weights.revision, backend="pil"
        )
        model = DepthAnythingForDepthEstimation.from_pretrained(
            weights.id, revision=weights.revision, dtype=torch.float32
        )
        if model.config.depth_estimation_type != "metric":
            raise ValueError(
                f"loading depth weights {weights}: the head gives "
                f"{model.config.depth_estimation_type} depth; use a Metric checkpoint (Indoor has "
                "max_depth 20, Outdoor 80)."
            )
        self._model = model.to(device).eval()
        self._device = device
        self._weights = weights

    @property
    def name(self) -> str:
        """Return ``depth-anything:<weights>``."""
        return f"depth-anything:{self._weights}"

    @property
    def provides(self) -> frozenset[Capability]:
        """Metric depth only."""
        return frozenset({"depth", "metric"})

    @property
    def licence(self) -> str:
        """Terms of the weights."""
        return self._weights.licence

    @property
    def max_depth(self) -> float:
        """Largest depth the head can say, metres."""
        return float(self._model.config.max_depth)

    def estimate(self, request: GeometryRequest) -> EstimatedGeometry:
        """Estimate z-depth of every frame, each by itself."""
        n_frames, height, width, _ = request.frames.shape
        depth = np.concatenate(
            [self._depth(part) for part in np.array_split(request.frames, -(-n_frames // _BATCH))]
        )
        return EstimatedGeometry(
            pixel_map=PixelMap.identity(width=width, height=height),
            depth=depth,
            intrinsics=request.intrinsics,
            c2w=None,
            registered=np.ones(n_frames, dtype=np.bool_),
            confidence=None,
            points=None,
            is_metric=True,
            scale_source="model",
            is_upright=False,
            reprojection_px=None,
            estimated_by=EstimatedBy(
                estimator=self.name,
                version=f"transformers {package_version('transformers')}",
                weights=str(self._weights),
                licence=self.licence,
            ),
        )

    @torch.no_grad()
    def _depth(self, frames: UInt8[np.ndarray, "b h w 3"]) -> Float32[np.ndarray, "b h w"]:
        inputs = self._processor(images=list(frames), return_tensors="pt")
        pixels: Tensor = inputs["pixel_values"].to(self._device)
        predicted = self._model(pixel_values=pixels).predicted_depth
        predicted = self._unpadded(predicted, frames.shape[1:3])
        # Sampled at the source's pixel centers (half-integers), as the resize of the input was.
        depth = torch.nn.functional.interpolate(
            predicted[:, None], size=frames.shape[1:3], mode="bilinear", align_corners=False
        )[:, 0]
        return depth.clamp(min=0.0).cpu().numpy().astype(np.float32)

    def _unpadded(self, predicted: Tensor, source: tuple[int, ...]) -> Tensor:
        """Cut off what the processor padded around the resized frame.

        Raises:
            ValueError: The processor's settings are ones whose padding is not known here.
        """
        processor = self._processor
        if not processor.do_pad:
            return predicted
        if processor.do_resize or not processor.size_divisor:
            raise ValueError(
                f"{self.name}: its image processor both resizes and pads; set do_pad or do_resize "
                "to false in preprocessor_config.json."
            )
        height, width = source
        top = (predicted.shape[1] - height) // 2
        left = (predicted.shape[2] - width) // 2
        return predicted[:, top : top + height, left : left + width]
