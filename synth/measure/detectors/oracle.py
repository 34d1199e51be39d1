"""The oracle as a detector: the renderer's instance maps, with masks spoilt on request."""

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Bool, Float64, UInt8, UInt16

from synth.film import RenderedTruth
from synth.measure.detector import FrameDetections


@dataclass(frozen=True, slots=True, kw_only=True)
class OracleDetector:
    """Knows one clip.

    Attributes:
        truth: What the renderer knows.
        erode_px: Pixels taken off every mask.
        least_pixels: Things with fewer pixels in a frame are not found there.
        keeps_tracks: Whether a thing has the same track in all frames; otherwise it has another
            track in every frame, as from a detector without tracking.
    """

    truth: RenderedTruth
    erode_px: int = 0
    least_pixels: int = 1
    keeps_tracks: bool = True

    @property
    def name(self) -> str:
        """Return ``oracle``, with what was spoilt."""
        return "oracle" if self.erode_px == 0 else f"oracle(eroded {self.erode_px} px)"

    @property
    def licence(self) -> str:
        """This project's own."""
        return "Apache-2.0"

    def detect(
        self, frames: UInt8[np.ndarray, "t h w 3"], vocabulary: tuple[str, ...]
    ) -> tuple[FrameDetections, ...]:
        """Return the things of the vocabulary that have pixels in each frame.

        Raises:
            ValueError: The frames are not those of the clip.
        """
        if frames.shape[:3] != self.truth.instances.shape:
            raise ValueError(
                f"the oracle knows {self.truth.sequence_id} with frames of shape "
                f"{self.truth.instances.shape} (t, h, w), got {frames.shape[:3]}."
            )
        categories = {
            o.instance_id: o.category for o in self.truth.objects if o.category in vocabulary
        }
        return tuple(
            self._frame(t, instances, categories)
            for t, instances in enumerate(self.truth.instances)
        )

    def _frame(
        self, t: int, instances: UInt16[np.ndarray, "h w"], categories: Mapping[int, str]
    ) -> FrameDetections:
        found = {
            number: mask
            for number in categories
            if (mask := self._mask(instances == number)).sum() >= self.least_pixels
        }
        ids = np.array(list(found), dtype=np.int64)
        step = 0 if self.keeps_tracks else 10_000 * t
        return FrameDetections(
            boxes=np.array([mask_box(mask) for mask in found.values()]).reshape(-1, 4),
            scores=np.ones(len(ids)),
            labels=tuple(categories[number] for number in found),
            masks=np.array(list(found.values()), dtype=np.bool_).reshape(-1, *instances.shape),
            track_ids=ids + step,
        )

    def _mask(self, mask: Bool[np.ndarray, "h w"]) -> Bool[np.ndarray, "h w"]:
        if self.erode_px == 0:
            return mask
        kernel = np.ones((2 * self.erode_px + 1,) * 2, np.uint8)
        return cv2.erode(mask.astype(np.uint8), kernel) > 0


def mask_box(mask: Bool[np.ndarray, "h w"]) -> Float64[np.ndarray, "4"]:
    """Return the edges ``x0 y0 x1 y1`` around a mask that is not empty."""
    columns, rows = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    return np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1], dtype=np.float64)
