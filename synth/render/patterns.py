"""Patterns of materials: small tiling pictures, drawn once a process and the same everywhere.

A pattern is a factor on a surface's mean colour, in linear light, with mean 1: at contrast c a
texel shows ``albedo * (1 + c * (pattern - 1))``. Boards and grain run along the texture's first
axis u. A picture holds ``REPEATS`` repeats of ``Material.repeat_m`` a side, so that no two
neighbouring tiles are alike. Mip-maps average: distant surfaces show the mean colour.

| pattern | one repeat |
|---|---|
| planks | 8 boards across, one long |
| parquet | 2 x 2 blocks of four strips, turned in turn |
| tiles | one tile with its joints |
| bricks | 2 bricks along, 6 rows up, in running bond |
| stripes | one bright and one dark stripe, along v |
| checks | 2 x 2 squares, twice the mean and black in turn |
| fabric | 8 threads |
| plaster, carpet, wood_grain, marble, leaves | no counted unit |
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Final, NamedTuple, get_args

import numpy as np
from jaxtyping import Float32, Float64, Int64

from synth.rooms.room import Pattern
from synth.seeding import rng_for

SIDE_TEXELS: Final = 256
MIP_LEVELS: Final = 7  # down to 4 x 4
PATTERN_NAMES: Final[tuple[Pattern, ...]] = get_args(Pattern)
REPEATS: Final[Mapping[Pattern, int]] = {
    "plain": 1, "planks": 2, "parquet": 2, "tiles": 4, "bricks": 2, "plaster": 2, "carpet": 2,
    "fabric": 4, "stripes": 4, "checks": 2, "wood_grain": 2, "marble": 1, "leaves": 4,
}  # fmt: skip

Field = Float64[np.ndarray, "n n"]


class PatternAtlas(NamedTuple):
    """All patterns with their mip-maps in one flat table.

    Texel (x, y) of pattern p on level k is column ``start[k] + (p * side_k + y) * side_k + x`` with
    ``side_k = SIDE_TEXELS >> k``.
    """

    texels: Float32[np.ndarray, "3 texels"]
    start: Int64[np.ndarray, " levels"]


def pattern_index(pattern: Pattern) -> int:
    """Return the place of a pattern in the atlas; 0 is ``"plain"``."""
    return PATTERN_NAMES.index(pattern)


@cache
def pattern_texture(pattern: Pattern) -> Float32[np.ndarray, "n n 3"]:
    """Draw one pattern: rows run along v, columns along u; every channel has mean 1."""
    rng = rng_for(0, "pattern", pattern)
    factors = _DRAWN[pattern](rng)
    texture = np.asarray(np.broadcast_to(factors.T, (3, SIDE_TEXELS, SIDE_TEXELS)).T)
    texture = np.clip(texture, 0.0, 3.0)
    texture = (texture / texture.mean(axis=(0, 1))).astype(np.float32)
    texture.setflags(write=False)
    return np.asarray(texture)


@cache
def pattern_strength(pattern: Pattern) -> float:
    """Return the standard deviation of a pattern about its mean of 1."""
    return float(pattern_texture(pattern).std())


@cache
def pattern_atlas() -> PatternAtlas:
    """Draw all patterns and average them down, level by level."""
    level = np.stack([pattern_texture(name) for name in PATTERN_NAMES])
    levels, start, n_texels = [], [], 0
    for _ in range(MIP_LEVELS):
        start.append(n_texels)
        levels.append(level.reshape(-1, 3))
        n_texels += len(levels[-1])
        n, side = level.shape[:2]
        level = level.reshape(n, side // 2, 2, side // 2, 2, 3).mean(axis=(2, 4))
    return PatternAtlas(np.ascontiguousarray(np.concatenate(levels).T), np.array(start))


def _grid() -> tuple[Field, Field]:
    """Texel centers as shares of one repeat: (u, v)."""
    centers = (np.arange(SIDE_TEXELS) + 0.5) / SIDE_TEXELS
    u, v = np.meshgrid(centers, centers)
    return u, v


def _noise(rng: np.random.Generator, along_u: float, along_v: float) -> Field:
    """Tiling smooth noise with standard deviation 1; sizes of its blobs as shares of a repeat."""
    frequency = np.fft.fftfreq(SIDE_TEXELS) * SIDE_TEXELS
    spectrum = np.exp(-((frequency[None] * along_u) ** 2 + (frequency[:, None] * along_v) ** 2) * 9)
    spectrum[0, 0] = 0.0
    white = rng.standard_normal((SIDE_TEXELS, SIDE_TEXELS))
    smooth = np.fft.ifft2(np.fft.fft2(white) * spectrum).real
    return smooth / float(smooth.std())


def _joint(share: Field, width: float) -> Field:
    """1 on the borders of unit cells, 0 inside; ``width`` as a share of the cell."""
    return ((share % 1 < width / 2) | (share % 1 > 1 - width / 2)).astype(np.float64)


def _tinted(tone: Field, warmth: Field) -> Float64[np.ndarray, "n n 3"]:
    """Give a tone a hue: positive warmth is redder, negative bluer."""
    return np.asarray(tone[..., None] * (1 + warmth[..., None] * np.array([0.5, 0.0, -0.5])))


def _wood(rng: np.random.Generator, u: Field, v: Field, lines: float) -> Field:
    """Grain along u: warped year rings and fine pores."""
    warp = 0.6 * _noise(rng, 0.12, 0.05) + 0.25 * _noise(rng, 0.05, 0.02)
    rings = np.sin(2 * np.pi * (v * lines + warp))
    return 0.10 * rings + 0.10 * _noise(rng, 0.06, 0.004) + 0.02 * np.cos(2 * np.pi * u)


def _plain(rng: np.random.Generator) -> Field:
    del rng
    return np.ones((SIDE_TEXELS, SIDE_TEXELS))


def _planks(rng: np.random.Generator) -> Float64[np.ndarray, "n n 3"]:
    u, v = _grid()
    row = np.floor(v * 16).astype(np.int64)
    along = u * 2 + rng.random(16)[row]
    board = row * 2 + np.floor(along).astype(np.int64) % 2
    tone = 1 + 0.26 * rng.uniform(-1, 1, 32)[board] + 0.8 * _wood(rng, u, v, 48.0)
    dark = np.maximum(_joint(v * 16, 0.12), _joint(along, 0.016))
    return _tinted(tone * (1 - 0.6 * dark), 0.12 * rng.uniform(-1, 1, 32)[board])


def _parquet(rng: np.random.Generator) -> Float64[np.ndarray, "n n 3"]:
    u, v = _grid()
    turned = (np.floor(u * 4) + np.floor(v * 4)) % 2 > 0
    across = np.where(turned, u, v) * 16
    block = np.floor(v * 4) * 4 + np.floor(u * 4)
    strip = (block * 4 + np.floor(across) % 4).astype(np.int64)
    grain = np.where(turned, _wood(rng, v, u, 30.0), _wood(rng, u, v, 30.0))
    tone = 1 + 0.24 * rng.uniform(-1, 1, 64)[strip] + np.where(turned, -0.08, 0.08) + 0.7 * grain
    dark = np.maximum(_joint(across, 0.14), np.maximum(_joint(u * 4, 0.04), _joint(v * 4, 0.04)))
    return _tinted(tone * (1 - 0.5 * dark), 0.10 * rng.uniform(-1, 1, 64)[strip])


def _tiles(rng: np.random.Generator) -> Field:
    u, v = _grid()
    tile = (np.floor(v * 4) * 4 + np.floor(u * 4)).astype(np.int64)
    tone = 1 + 0.12 * rng.uniform(-1, 1, 16)[tile] + 0.05 * _noise(rng, 0.03, 0.03)
    joint = np.maximum(_joint(u * 4, 0.05), _joint(v * 4, 0.05))
    return np.asarray(tone * (1 - 0.5 * joint))


def _bricks(rng: np.random.Generator) -> Float64[np.ndarray, "n n 3"]:
    u, v = _grid()
    row = np.floor(v * 12).astype(np.int64)
    along = u * 4 + 0.5 * (row % 2)
    brick = row * 4 + np.floor(along).astype(np.int64) % 4
    tone = 0.9 + 0.25 * rng.uniform(-1, 1, 48)[brick] + 0.10 * _noise(rng, 0.012, 0.012)
    mortar = np.maximum(_joint(along, 0.06), _joint(v * 12, 0.16))[..., None]
    colored = _tinted(tone, 0.2 * rng.uniform(-1, 1, 48)[brick])
    return np.asarray(colored * (1 - mortar) + mortar * np.array([1.25, 1.45, 1.6]))


def _plaster(rng: np.random.Generator) -> Field:
    return 1 + 0.16 * _noise(rng, 0.10, 0.10) + 0.12 * _noise(rng, 0.012, 0.012)


def _carpet(rng: np.random.Generator) -> Field:
    return 1 + 0.30 * _noise(rng, 0.006, 0.006) + 0.12 * _noise(rng, 0.06, 0.06)


def _fabric(rng: np.random.Generator) -> Field:
    u, v = _grid()
    weave = np.sin(2 * np.pi * 32 * u) * np.sin(2 * np.pi * 32 * v)
    return 1 + 0.25 * weave + 0.15 * _noise(rng, 0.05, 0.01) + 0.15 * _noise(rng, 0.01, 0.05)


def _stripes(rng: np.random.Generator) -> Field:
    del rng
    u, _ = _grid()
    return np.asarray(1 + 0.5 * np.tanh(4 * np.sin(2 * np.pi * 4 * u)))


def _checks(rng: np.random.Generator) -> Field:
    del rng
    u, v = _grid()
    return np.asarray(2.0 - 2 * ((np.floor(u * 4) + np.floor(v * 4)) % 2))


def _wood_grain(rng: np.random.Generator) -> Float64[np.ndarray, "n n 3"]:
    u, v = _grid()
    tone = 1 + 2.0 * _wood(rng, u, v, 9.0)
    return _tinted(tone, 0.06 * _noise(rng, 0.1, 0.03))


def _marble(rng: np.random.Generator) -> Field:
    u, v = _grid()
    drift = 0.16 * _noise(rng, 0.12, 0.12) + 0.07 * _noise(rng, 0.04, 0.04)
    vein = np.abs(np.sin(np.pi * (2 * u + 2 * v + 2 * drift)))
    return np.asarray(1 + 0.08 * _noise(rng, 0.06, 0.06) - 0.55 * np.exp(-vein / 0.10))


def _leaves(rng: np.random.Generator) -> Float64[np.ndarray, "n n 3"]:
    tone = np.full((SIDE_TEXELS, SIDE_TEXELS), 0.35)
    warmth = np.zeros_like(tone)
    reach = 28  # texels from the middle of a leaf to the edge of the window it is drawn in
    du, dv = np.meshgrid(*[np.arange(-reach, reach + 1) / SIDE_TEXELS] * 2)
    for _ in range(150):
        at_u, at_v = rng.integers(SIDE_TEXELS, size=2)
        angle, light = rng.uniform(0, np.pi), rng.uniform(0.5, 1.6)
        along = du * np.cos(angle) + dv * np.sin(angle)
        across = np.abs(dv * np.cos(angle) - du * np.sin(angle))
        y, x = np.nonzero(across < 0.035 * (1 - (along / 0.10) ** 2))
        where = (y + at_v) % SIDE_TEXELS, (x + at_u) % SIDE_TEXELS
        tone[where] = light * (1 - 0.35 * (across[y, x] < 0.004))
        warmth[where] = rng.uniform(-0.2, 0.35)
    return _tinted(tone, warmth)


_DRAWN: Final[Mapping[Pattern, Callable[[np.random.Generator], Float64[np.ndarray, "n n *c"]]]] = {
    "plain": _plain,
    "planks": _planks,
    "parquet": _parquet,
    "tiles": _tiles,
    "bricks": _bricks,
    "plaster": _plaster,
    "carpet": _carpet,
    "fabric": _fabric,
    "stripes": _stripes,
    "checks": _checks,
    "wood_grain": _wood_grain,
    "marble": _marble,
    "leaves": _leaves,
}
