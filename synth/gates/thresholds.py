"""Where the gates draw their lines, and where each line comes from.

Pixels are those of an image 384 wide; ``pixel_scale`` turns them into a clip's own.
"Right" is the worst of six real RealEstate10K clips of 16 frames at 384x256 with their own poses,
other numbers are means of controls made from them: ``python -m benchmarks.gate_controls``.
"""

from dataclasses import dataclass, fields
from typing import Final

REFERENCE_WIDTH: Final = 384

# Names of GateThresholds that are shares of something: 0 to 1.
_SHARES: Final = (
    *(
        "tsed_neighbours_1px",
        "tsed_wide_2px",
        "in_front",
        "inlier_ratio",
        "parallax",
        "max_still_share",
    ),
    *("registered", "depth_share", "adherence_edges"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GateThresholds:
    """The lines of all gates. A recipe may carry its own.

    Attributes:
        tsed_neighbours_1px: Least TSED at 1 px over neighbouring frames.
        tsed_wide_2px: Least TSED at 2 px over wide pairs.
        median_sed_px: Most median distance from the epipolar line, neighbours.
        in_front: Least share of pairs whose points lie in front of the given cameras.
        inlier_ratio: Least share of matches on one essential matrix at 1 px.
        parallax: Least share of epipolar matches that no homography explains.
        still_px: Neighbours whose matches move less (median) are still.
        max_still_share: Most share of still neighbours before a clip is frozen.
        max_cuts: Most cuts.
        flicker: Most jump of brightness of the same points, natural log.
        registered: Least share of frames in the SfM model.
        reprojection_px: Most mean reprojection error of the SfM model.
        rot_err_deg: Most mean rotation error of the SfM poses.
        trans_err: Most mean position error, share of the path's reach.
        cam_mc: Most mean CamMC.
        depth_exact: Most median error of rendered depth, share of the depth.
        depth_median: Most median relative error of estimated depth.
        depth_share: Least share of pixels within ``depth_tolerance`` (estimated depth).
        depth_tolerance: Relative error that still counts as the same surface.
        adherence_log: Most median |log depth| difference from the control after scaling.
        adherence_edges: Least F1 of the edges of control and estimated depth.

    Raises:
        ValueError: A share is not within 0 to 1, or another value is negative.
    """

    # Right poses 1.00; warps of 1 px .40.
    tsed_neighbours_1px: float = 0.8
    # Right poses 1.00; warps of 2 px .43, inverted and other poses .01.
    tsed_wide_2px: float = 0.7
    # Right poses at most .48; warps of 1 px 1.05.
    median_sed_px: float = 0.9
    # Right poses 1.00; a sideways move run backwards 0 (tests/synth/test_gates.py).
    in_front: float = 0.8
    # Right from .82 on, without intrinsics from .73 on; warps of 2 px .60, of 4 px .47.
    inlier_ratio: float = 0.6
    # Right from .18 on (a drawn clip; real ones from .35); a zoomed still picture .01, turns in
    # place with few matches up to .13.
    parallax: float = 0.15
    # Right neighbours move 1.6 px or more. A still picture does not move; one under noise of six
    # grey levels mostly less than this (tests/synth/test_gates.py).
    still_px: float = 0.2
    # Some cameras start or end at rest; every second frame doubled is half.
    max_still_share: float = 0.4
    max_cuts: int = 0
    # Right at most .02; independent gains of 8 % a frame .16.
    flicker: float = 0.06
    registered: float = 0.9  # right: all frames; lets one of 16 go
    # Right at most .52; warps of 1 px .78.
    reprojection_px: float = 0.65
    # Right at most .7, warps of 4 px 5.1; the poses of real clips have errors of their own.
    rot_err_deg: float = 5.0
    # Right at most .02, warps of 4 px .13.
    trans_err: float = 0.2
    cam_mc: float = 0.3
    # The room of the contract: .001 with c2w, .63 when w2c is read as c2w.
    depth_exact: float = 0.01
    # A network's depth: the tolerance below.
    depth_median: float = 0.03
    # 98 % of the pixels of that room are within 3 %.
    depth_tolerance: float = 0.03
    depth_share: float = 0.8
    # Ours, not tuned on generated clips.
    adherence_log: float = 0.15
    adherence_edges: float = 0.5

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if not value >= 0 or (each.name in _SHARES and value > 1):
                limits = "0 to 1" if each.name in _SHARES else ">= 0"
                raise ValueError(f"GateThresholds.{each.name} must be {limits}, got {value}.")


def pixel_scale(width: int) -> float:
    """Return how many pixels of a clip ``width`` wide one pixel of a threshold is.

    Never under 1: points are found to a fraction of a pixel, whatever a pixel covers.
    """
    return max(1.0, width / REFERENCE_WIDTH)
