"""Step caches: denoising steps that reuse the last step's transformer blocks, as a recipe says it.

Only methods that are right on Wan under classifier-free guidance can be named; the two that are
not are refused with the reason. This module holds the configuration and needs no torch;
``synth.wan.caching`` turns it on and proves that it did something.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final, Literal, get_args

CacheMethod = Literal["none", "first_block", "mag", "sea", "taylor"]

# Measured with diffusers 0.42.1 on a random Wan; tests/synth/test_caching.py repeats it.
REFUSED_METHODS: Final[Mapping[str, str]] = {
    "pyramid_attention_broadcast": (
        "its hook does not know the two branches of classifier-free guidance, so the unconditional "
        "pass is given the attention of the conditional one"
    ),
    "faster_cache": (
        "it expects both branches of guidance in one batch, and Wan runs them one after the other: "
        "IndexError, or the state of the other branch where it is told that there is no guidance"
    ),
}
# Right by task; measured too. VACE adds hints between blocks, so a residual over all blocks adds
# them twice; only WanPipeline tells SeaCache the noise level; the v2v pipeline names no branch.
METHODS_BY_TASK: Final[Mapping[str, tuple[CacheMethod, ...]]] = {
    "t2v": ("first_block", "mag", "sea", "taylor"),
    "i2v": ("first_block", "mag", "taylor"),
    "v2v": (),
    "vace": ("taylor",),
}
# Attentions and feed-forward of every block, for ``taylor_modules``. diffusers' own default
# ("^blocks.*attn") matches no module of Wan in full, so that nothing is ever skipped.
TAYLOR_SUBLAYERS: Final = r"blocks\.\d+\.(attn1|attn2|ffn)"
# The options of each method with diffusers' defaults, which are the papers'.
_DEFAULTS: Final[Mapping[str, Mapping[str, float | int]]] = {
    "none": {},
    "first_block": {"threshold": 0.05},
    "mag": {"threshold": 0.06, "max_skipped": 3, "first_full_share": 0.2},
    "sea": {"threshold": 0.25, "max_skipped": 2, "first_full_steps": 1, "last_full_steps": 1},
    "taylor": {"interval": 5, "order": 1, "first_full_steps": 3, "last_full_steps": 0},
}
_LISTS: Final = {"mag_ratios": "mag", "taylor_modules": "taylor"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCache:
    """Which step cache runs, and how hard it skips. The default is none.

    Options that are left out take the defaults of the method, so a stored cache is complete.
    Options of another method are errors.

    Attributes:
        method: ``first_block`` (FirstBlockCache: the change of block 0 decides), ``mag``
            (MagCache, arXiv 2506.09045), ``sea`` (SeaCache, arXiv 2602.18993; text-to-video
            transformers) or ``taylor`` (TaylorSeer, arXiv 2503.06923).
        threshold: Accumulated relative change below which blocks are skipped: ``first_block``,
            ``mag``, ``sea``.
        max_skipped: Most steps skipped in a row; ``sea``: 0 is no limit. ``mag``, ``sea``.
        first_full_share: Share of the steps at the beginning that are computed. ``mag``.
        first_full_steps: Steps at the beginning that are computed. ``sea``, ``taylor``.
        last_full_steps: Steps at the end that are computed. ``sea``, ``taylor``.
        interval: One step in so many is computed. ``taylor``.
        order: Of the Taylor expansion. ``taylor``.
        mag_ratios: Mean ratio of a step's residual to the one before, per step, of this model
            (``synth.wan.caching.measure_mag_ratios``). Other lengths than the number of steps are
            resampled. ``mag``.
        taylor_modules: Full-match patterns of the names of the modules whose outputs are predicted
            (``TAYLOR_SUBLAYERS``); left out, whole blocks are skipped and only the output of the
            last projection is predicted (diffusers' lite mode). ``taylor``.
        may_be_idle: Accept a whole clip in which nothing was skipped instead of raising.

    Raises:
        ValueError: An unknown or refused method, an option of another method, a value out of range.
    """

    method: CacheMethod = "none"
    threshold: float | None = None
    max_skipped: int | None = None
    first_full_share: float | None = None
    first_full_steps: int | None = None
    last_full_steps: int | None = None
    interval: int | None = None
    order: int | None = None
    mag_ratios: tuple[float, ...] = ()
    taylor_modules: tuple[str, ...] = ()
    may_be_idle: bool = False

    def __post_init__(self) -> None:
        check_method(self.method)
        known = _DEFAULTS[self.method]
        for field in fields(self):
            if field.name in ("method", "may_be_idle"):
                continue
            value = getattr(self, field.name)
            if field.name in _LISTS:
                is_foreign = bool(value) and _LISTS[field.name] != self.method
            else:
                is_foreign = value is not None and field.name not in known
            if is_foreign:
                allowed = [*known, *(n for n, m in _LISTS.items() if m == self.method)]
                raise ValueError(
                    f"StepCache(method={self.method!r}): {field.name}={value!r} is an option of "
                    f"another method; this one takes {', '.join(allowed) or 'none'}."
                )
            if value is None and field.name in known:
                object.__setattr__(self, field.name, known[field.name])
        _check_ranges(self)

    @property
    def is_on(self) -> bool:
        """Return whether a method is named."""
        return self.method != "none"


def check_method(method: str) -> None:
    """Accept the name of a method.

    Raises:
        ValueError: The method is unknown, or wrong on Wan; the message says why.
    """
    if method in REFUSED_METHODS:
        raise ValueError(
            f"StepCache: {method} is wrong on Wan under guidance: {REFUSED_METHODS[method]}. "
            f"Use one of {', '.join(get_args(CacheMethod)[1:])}."
        )
    if method not in _DEFAULTS:
        raise ValueError(
            f"StepCache: no method {method!r}; use one of {', '.join(get_args(CacheMethod))}."
        )


def _check_ranges(cache: StepCache) -> None:
    lowest = {
        "threshold": 0.0,
        "max_skipped": 0 if cache.method == "sea" else 1,
        "first_full_share": 0.0,
        "first_full_steps": 1 if cache.method == "taylor" else 0,
        "last_full_steps": 0,
        "interval": 2,
        "order": 0,
    }
    for name, least in lowest.items():
        value = getattr(cache, name)
        if value is not None and not (math.isfinite(value) and value >= least):
            raise ValueError(
                f"StepCache(method={cache.method!r}): {name} must be at least {least}, got {value}."
            )
    if cache.first_full_share is not None and cache.first_full_share >= 1.0:
        raise ValueError(
            "StepCache(method='mag'): first_full_share must be below 1, or nothing is ever "
            f"skipped; got {cache.first_full_share}."
        )
    if any(not (math.isfinite(ratio) and ratio > 0) for ratio in cache.mag_ratios):
        raise ValueError(
            f"StepCache(method='mag'): mag_ratios must be positive, got {cache.mag_ratios}."
        )
    if cache.method == "mag" and not cache.mag_ratios:
        raise ValueError(
            "StepCache(method='mag'): the ratios belong to the model and are not given; measure "
            "them with synth.wan.caching.measure_mag_ratios and pass mag_ratios."
        )
