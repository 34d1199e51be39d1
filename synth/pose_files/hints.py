"""What a pose file does not say itself, and its reader has to be told."""

from dataclasses import dataclass

from synth.pose_files.spot import PoseFileError, Spot


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadHints:
    """What the caller knows. Formats that say it themselves ignore it.

    Attributes:
        width: Frame width, pixels: for normalised intrinsics and Blender's angle of view.
        height: Frame height, pixels.
        camera: Which camera of a file that holds several.
        ignore_distortion: Take a distorted camera for the pinhole it is built on.
    """

    width: int | None = None
    height: int | None = None
    camera: str | None = None
    ignore_distortion: bool = False

    def __post_init__(self) -> None:
        for name, side in (("width", self.width), ("height", self.height)):
            if side is not None and side <= 0:
                raise PoseFileError(f"a frame's {name} must be > 0 pixels, got {side}.")

    def size(self, spot: Spot, why: str) -> tuple[int, int]:
        """Return the frame's (width, height) in pixels.

        Raises:
            PoseFileError: It is not known.
        """
        if self.width is None or self.height is None:
            raise spot.error(f"{why}; pass the frame's width and height in pixels")
        return self.width, self.height
