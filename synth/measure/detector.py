"""What finds objects in frames: boxes, masks and tracks in the words of a given vocabulary."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Bool, Float64, Int64, UInt8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FrameDetections:
    """What was found in one frame.

    Attributes:
        boxes: ``x0 y0 x1 y1`` in source pixels (edges, so a full frame is ``0 0 w h``).
        scores: 0 to 1.
        labels: Words of the vocabulary that was asked for.
        masks: Pixels of each thing.
        track_ids: The same number is the same thing in another frame; > 0.

    Raises:
        ValueError: Lengths differ, a box is empty, or a track id is not positive.
    """

    boxes: Float64[np.ndarray, "n 4"]
    scores: Float64[np.ndarray, " n"]
    labels: tuple[str, ...]
    masks: Bool[np.ndarray, "n h w"]
    track_ids: Int64[np.ndarray, " n"]

    def __post_init__(self) -> None:
        lengths = {len(self.scores), len(self.labels), len(self.masks), len(self.track_ids)}
        if lengths != {len(self.boxes)}:
            raise ValueError(
                f"detections of one frame need one score, label, mask and track per box, got "
                f"{len(self.boxes)} boxes and {sorted(lengths)} of the others."
            )
        if (self.boxes[:, 2:] < self.boxes[:, :2]).any():
            raise ValueError("a detected box is x0 y0 x1 y1 with x0 <= x1 and y0 <= y1.")
        if (self.track_ids <= 0).any() or len(set(self.track_ids.tolist())) != len(self.track_ids):
            raise ValueError("track ids of one frame must be positive and different.")


@runtime_checkable
class ObjectDetector(Protocol):
    """Finds the things of a vocabulary in every frame, with masks and tracks."""

    @property
    def name(self) -> str:
        """Name of the detector, with its weights where there are several."""
        ...

    @property
    def licence(self) -> str:
        """Terms of what it makes."""
        ...

    def detect(
        self, frames: UInt8[np.ndarray, "t h w 3"], vocabulary: tuple[str, ...]
    ) -> tuple[FrameDetections, ...]:
        """Return one ``FrameDetections`` per frame; labels come from ``vocabulary``."""
        ...
