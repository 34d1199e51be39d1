"""Negative prompts for rigid scenes, from Wan's own.

Wan's default negative prompt (github.com/Wan-Video/Wan2.1, ``wan/configs/shared_config.py``) names
"static" three times, which pushes things to move. Here these terms are gone, and shake and cuts
are in, as in Wan's own negative prompts for image-to-video (shake) and for first and last frames
(cuts).
"""

from typing import Final

from synth.camera_paths.describe import SHORT_PHRASES
from synth.moves import Move, reverse
from synth.prompts import PARAPHRASES

_SEPARATOR: Final = "\N{FULLWIDTH COMMA}"
# In Wan's order. English: garish colors, overexposed, static, blurred details, subtitles, style,
# artwork, painting, picture, still, greyish, worst quality, low quality, JPEG residue, ugly,
# mutilated, extra fingers, badly drawn hands and faces, deformed, disfigured, malformed limbs,
# fused fingers, motionless picture, cluttered background, three legs, many people behind, walking
# backwards.
WAN_TERMS: Final = (
    *("色调艳丽", "过曝", "静态", "细节模糊不清", "字幕", "风格", "作品", "画作", "画面", "静止"),
    *("整体发灰", "最差质量", "低质量", "JPEG压缩残留", "丑陋的", "残缺的", "多余的手指"),
    *("画得不好的手部", "画得不好的脸部", "畸形的", "毁容的", "形态畸形的肢体", "手指融合"),
    *("静止不动的画面", "杂乱的背景", "三条腿", "背景人很多", "倒着走"),
)
STATIC_TERMS: Final = ("静态", "静止", "静止不动的画面")
SHAKE: Final = "镜头晃动"
CUTS: Final = "镜头切换"
# What else ruins a rigid scene; our own terms: people, objects that change shape, flicker.
RIGID_TERMS: Final = ("人物", "物体变形", "画面闪烁")


def wan_negative(*, is_rigid: bool = True, may_shake: bool = False) -> str:
    """Return a negative prompt in Wan's words.

    Args:
        is_rigid: Nothing in the scene may move: drop "static", add people, morphing and flicker.
            Otherwise Wan's own terms are kept.
        may_shake: The camera is handheld, so shake is wanted.
    """
    terms = [term for term in WAN_TERMS if not (is_rigid and term in STATIC_TERMS)]
    terms += [*(RIGID_TERMS if is_rigid else ()), *(() if may_shake else (SHAKE,)), CUTS]
    return _SEPARATOR.join(terms)


def opposite_move(move: Move | None) -> str:
    """Return the canonical short phrase of the opposite move, "" where there is none."""
    if move is None or reverse(move) is move:
        return ""
    return {**PARAPHRASES, **SHORT_PHRASES}[reverse(move)][0]


def negative_for(move: Move | None, *, is_rigid: bool = True) -> str:
    """Return what guidance leads away from in a clip: the opposite move, then Wan's terms."""
    parts = (opposite_move(move), wan_negative(is_rigid=is_rigid, may_shake=move is Move.HANDHELD))
    return _SEPARATOR.join(part for part in parts if part)
