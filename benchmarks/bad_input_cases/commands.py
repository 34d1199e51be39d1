"""Command lines: the tools verify, classify, compare and plan, and runs."""

from typing import Final

from benchmarks.bad_input_cases.case import CommandLine


def _command(did: str, line: str, *says: str) -> CommandLine:
    return CommandLine(did=f"{line.split()[0]}: {did}", line=line, says=says)


COMMANDS: Final = (
    _command("a clip that is not there", "verify @clip.mp4", "clip.mp4", "no such video or folder"),
    _command("a text file as video", "verify @notes.mp4", "can be decoded", "convert it to H.264"),
    _command("an empty folder", "verify @empty", "the folder holds no image", ".png"),
    _command(
        "images of two sizes", "verify @mixed", "32x24 pixels, but 0.png is 64x48", "one size"
    ),
    _command("an image that is cut off", "verify @cut", "4.png", "is it cut off?"),
    _command(
        "fewer poses than frames",
        "verify @clip --poses @four.re10k --pose-format re10k",
        "holds 4 poses",
        "needs one pose per frame",
    ),
    _command(
        "poses without their format",
        "verify @clip --poses @good.tum",
        "--poses needs --pose-format",
        "re10k, videox_fun",
    ),
    _command(
        "an unknown format",
        "classify @good.tum --pose-format euroc",
        "unknown pose format 'euroc'",
        "known are re10k",
    ),
    _command(
        "a single pose",
        "classify @one.kitti --pose-format kitti",
        "at least 2 poses",
        "got 1",
    ),
    _command(
        "no timestamps in common",
        "compare @good.tum @late.tum --pose-format tum --align se3",
        "no two timestamps lie within 0.01 s",
        "bring both to the same clock",
    ),
    _command(
        "milliseconds against seconds",
        "compare @milliseconds.tum @late.tum --pose-format tum --align se3",
        "1000.000..5000.000 s",
        "bring both to the same clock and unit",
    ),
    _command(
        "two poses",
        "compare @two.kitti @two.kitti --pose-format kitti --align se3",
        "at least 3 poses",
        "got 2",
    ),
    _command(
        "an unknown alignment",
        "compare @good.tum @good.tum --pose-format tum --align affine",
        "invalid choice 'affine'",
        "se3",
    ),
    _command("an unknown recipe", "plan huge --gpu h100", "unknown recipe 'huge'", "tiny"),
    _command("an unknown card", "plan tiny --gpu b9000", "unknown card 'b9000'", "known are"),
    _command(
        "more than the card can do",
        "plan tiny --utilization 1.5",
        "the utilization must lie within (0, 1]",
        "got 1.5",
    ),
    _command(
        "a price that is no number",
        "plan tiny --usd-per-hour nan",
        "the price must be >= 0",
        "got nan",
    ),
    _command(
        "a model folder that is not there",
        "plan tiny --wan.t2v.model.id @nowhere",
        "nowhere has no model",
        "pass a folder made by save_pretrained",
    ),
    _command("an unknown recipe", "run huge --out OUT", "unknown recipe 'huge'", "tiny"),
    _command("no folder for the results", "run tiny", "missing --out", "run tiny"),
    _command(
        "clips of 8 frames",
        "run tiny --out OUT --synth.film.n-frames 8",
        "must be 4n + 1",
        "the nearest are 5 and 9",
    ),
    _command(
        "frames of 50 pixels",
        "run tiny --out OUT --synth.film.size-px 50",
        "must be a multiple of 16",
        "the nearest are 48 and 64",
    ),
    _command(
        "no frames per second",
        "run tiny --out OUT --synth.film.fps 0",
        "needs fps > 0",
        "got fps=0",
    ),
    _command(
        "an unknown renderer",
        "run tiny --out OUT --synth.film.renderer blender",
        "invalid choice 'blender'",
        "embreex",
    ),
    _command(
        "guidance below 1",
        "run tiny --out OUT --wan.t2v.guidance 0.5",
        "guidance must be >= 1",
        "got 0.5",
    ),
    _command(
        "an unknown gate",
        "run tiny --out OUT --measure.gates freeze beauty",
        "unknown gates beauty",
        "known are",
    ),
    _command(
        "a threshold that is no number",
        "run tiny --out OUT --measure.thresholds.flicker nan",
        "flicker must be >= 0",
        "got nan",
    ),
    _command("going on where nothing was begun", "run --out OUT", "holds no run", "start one with"),
)
