"""A small, invented report: enough of everything to render the page."""

import numpy as np

from flows.pictures import depth_to_rgb, strip_uri
from flows.recipes import RECIPES
from flows.recipes.recipe import to_json
from flows.report import (
    ClipCard,
    Gallery,
    GateRow,
    QuestionCard,
    ReplyLine,
    ReportData,
    SkipRow,
    Strip,
    YieldRow,
)
from flows.timings import StageTime

KINDS = ("object_abs_distance", "object_rel_direction_hard", "camera_motion")
MODELS = ("semantic", "generative", "gated", "blind")


def strip(label):
    ramp = np.linspace(0, 255, 9 * 64 * 64 * 3).reshape(9, 64, 64, 3).astype(np.uint8)
    return Strip(label=label, uri=strip_uri(ramp), n_frames=9)


def depth_strip():
    depth = np.linspace(1, 5, 9 * 64 * 64, dtype=np.float32).reshape(9, 64, 64)
    return Strip(label="depth control", uri=strip_uri(depth_to_rgb(depth)), n_frames=9)


def score_rows():
    return tuple(
        {
            "model": model,
            "kind": kind,
            "metric": "MRA" if "abs" in kind else "accuracy",
            "n": 140 + i,
            "score": 0.3 + 0.1 * i + 0.05 * j,
            "chance": 0.25,
            "blind": 0.3,
            "ci_low": 0.22 + 0.1 * i + 0.05 * j,
            "ci_high": 0.38 + 0.1 * i + 0.05 * j,
            "unscorable": 0,
        }
        for j, model in enumerate(MODELS)
        for i, kind in enumerate(KINDS)
    )


def clip_card(measured, *strips):
    return ClipCard(
        title="wan-vace-000003/path-0",
        prompt="the camera pans left in a room with <white> walls and a grey floor, a red sofa",
        strips=strips,
        requested="pan_left",
        measured=measured,
        confidence=0.93,
        measured_by="camera-judge:0123456789ab",
    )


def question_card(options):
    return QuestionCard(
        kind="camera_motion",
        strip=strip("room-000012/path-1"),
        evidence=(True,) * 4 + (False,) * 5,
        question="Which way did the camera move in this video?",
        options=options,
        answer=options[1] if options else "1.8 m",
        replies=(
            ReplyLine(model="semantic", text="A", score=0.0),
            ReplyLine(model="generative", text="B", score=1.0),
            ReplyLine(model="gated", text="1.7", score=0.8),
            ReplyLine(model="blind", text="", score=None),
        ),
    )


def gate_row():
    return GateRow(
        recipe="tiny-t2v",
        move="pan_left",
        planned=4,
        generated=4,
        accepted=1,
        reasons=(("followed_request", 3),),
    )


def report_data():
    recipe = RECIPES["tiny"]()
    vace = Gallery(
        title="Wan with depth control (VACE)",
        note="The model gets the words and the depth of a rendered room.",
        obeyed=2,
        total=3,
        cards=tuple(
            clip_card(measured, strip("rendered"), depth_strip(), strip("generated"))
            for measured in ("pan_left", "truck_left", "")
        ),
    )
    return ReportData(
        about={
            "recipe": to_json(recipe),
            "seed": 0,
            "versions": {"python": "3.11", "torch": "2"},
            "checkpoints": {"wan.t2v": "0123456789abcdef"},
        },
        rows=score_rows(),
        galleries=(vace,),
        questions=(
            question_card(("pan left", "pan right", "dolly in", "no move")),
            question_card(()),
        ),
        gate_counts=tuple(int(20 + 15 * np.sin(i / 4)) for i in range(25)),
        gate_mean=0.48,
        curves={
            model: [(20.0 * k, 2.0 / k + 0.1 * j) for k in range(1, 13)]
            for j, model in enumerate(MODELS)
        },
        yields=(
            YieldRow(source="renderer", planned=900, made=897, lost="no free camera path 3"),
            YieldRow(source="wan-t2v", planned=24, made=24, lost=""),
        ),
        gates=(gate_row(),),
        allocation="Clips were spread evenly over the moves.",
        skips=(
            SkipRow(kind="object_abs_distance", kept=812, reasons=(("over_cap", 93),)),
            SkipRow(kind="camera_motion", kept=400, reasons=()),
        ),
        times={
            "synthesize": StageTime(seconds=140.2, cpu_seconds=270.0, made=18, peak_mb=1900.0),
            "train": StageTime(seconds=210.0, cpu_seconds=400.0, made=4, peak_mb=2100.0),
        },
    )
