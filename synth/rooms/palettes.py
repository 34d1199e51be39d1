"""Colours that go together: one palette per room, from which every material is drawn.

A palette fixes the wood, the metal, the textiles and the accents of a room, so that furniture of
one room matches while rooms differ. Colours are named as a person would name them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from synth.furniture.build import Coat, Kind, Look
from synth.rooms.room import Material, Pattern, Srgb

NAMED: Final[Mapping[str, Srgb]] = {
    "white": (0.92, 0.92, 0.90), "cream": (0.93, 0.88, 0.77), "beige": (0.82, 0.74, 0.60),
    "grey": (0.55, 0.56, 0.57), "light grey": (0.76, 0.77, 0.78), "dark grey": (0.30, 0.31, 0.33),
    "black": (0.11, 0.11, 0.12), "brown": (0.43, 0.29, 0.19), "dark brown": (0.27, 0.18, 0.13),
    "red": (0.74, 0.17, 0.15), "dark red": (0.46, 0.12, 0.14), "orange": (0.89, 0.49, 0.16),
    "terracotta": (0.72, 0.40, 0.28), "yellow": (0.92, 0.79, 0.25), "mustard": (0.78, 0.60, 0.18),
    "green": (0.24, 0.52, 0.27), "dark green": (0.13, 0.30, 0.20), "olive": (0.45, 0.46, 0.26),
    "light green": (0.62, 0.75, 0.58), "teal": (0.15, 0.46, 0.48), "blue": (0.20, 0.38, 0.68),
    "light blue": (0.60, 0.73, 0.84), "dark blue": (0.12, 0.18, 0.36), "purple": (0.44, 0.26, 0.54),
    "pink": (0.88, 0.60, 0.65), "oak": (0.72, 0.55, 0.36), "pine": (0.83, 0.68, 0.46),
    "walnut": (0.42, 0.28, 0.18), "cherry": (0.55, 0.29, 0.18), "silver": (0.70, 0.71, 0.73),
    "gold": (0.75, 0.60, 0.30),
}  # fmt: skip


class Scheme(NamedTuple):
    """Names of colours that suit each other."""

    name: str
    walls: tuple[str, ...]
    woods: tuple[str, ...]
    paints: tuple[str, ...]  # painted furniture and kitchen fronts
    textiles: tuple[str, ...]
    accents: tuple[str, ...]
    metals: tuple[str, ...]


SCHEMES: Final = (
    Scheme("nordic", ("white", "light grey"), ("pine", "oak"), ("white", "light grey"),
           ("grey", "light grey", "beige"), ("mustard", "teal", "black"), ("black", "silver")),
    Scheme("warm", ("cream", "beige"), ("walnut", "oak"), ("cream", "white"),
           ("brown", "beige", "terracotta"), ("orange", "olive", "dark red"), ("gold", "black")),
    Scheme("loft", ("light grey", "white", "grey"), ("walnut", "oak"), ("dark grey", "black"),
           ("dark grey", "brown", "grey"), ("orange", "yellow", "teal"), ("black",)),
    Scheme("coastal", ("white", "light blue"), ("pine", "oak"), ("white", "light blue"),
           ("blue", "light grey", "cream"), ("dark blue", "teal", "orange"), ("silver",)),
    Scheme("forest", ("cream", "light green"), ("oak", "walnut"), ("white", "dark green"),
           ("green", "olive", "cream"), ("mustard", "terracotta", "dark green"), ("gold", "black")),
    Scheme("rose", ("white", "pink"), ("pine", "oak"), ("white", "cream"),
           ("pink", "light grey", "cream"), ("dark red", "teal", "gold"), ("gold", "silver")),
    Scheme("modern", ("white",), ("walnut", "oak"), ("white", "dark grey"),
           ("dark grey", "black", "light grey"), ("red", "yellow", "blue"), ("silver", "black")),
    Scheme("retro", ("cream", "mustard", "light green"), ("cherry", "walnut"),
           ("cream", "light blue"), ("orange", "teal", "mustard"),
           ("red", "green", "yellow"), ("gold", "silver")),
    Scheme("deep", ("dark blue", "light grey"), ("oak", "walnut"), ("white", "dark blue"),
           ("dark blue", "grey", "mustard"), ("gold", "pink", "orange"), ("gold",)),
    Scheme("playful", ("white", "light blue", "yellow"), ("pine",), ("white", "light green"),
           ("blue", "green", "yellow", "red"), ("red", "orange", "purple", "blue"), ("silver",)),
    Scheme("classic", ("beige", "cream", "light green"), ("cherry", "dark brown"),
           ("cream", "white"), ("dark red", "dark green", "beige"), ("gold", "dark blue", "red"),
           ("gold",)),
    Scheme("plum", ("light grey", "white"), ("oak", "dark brown"), ("white", "light grey"),
           ("purple", "grey", "pink"), ("mustard", "dark grey", "teal"), ("silver", "black")),
    Scheme("clay", ("terracotta", "cream"), ("oak", "pine"), ("cream", "terracotta"),
           ("cream", "terracotta", "olive"), ("dark green", "black", "mustard"), ("black",)),
)  # fmt: skip
_ANY: Final = ("red", "blue", "green", "yellow", "orange", "purple", "white", "black", "pink",
               "teal", "brown", "light blue")  # fmt: skip
_STRAY_SHARE: Final = 0.25  # small things whose colour ignores the palette, as in lived-in rooms
_LEAVES: Final = ("green", "dark green", "olive")


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """The colours of one room: names drawn once, and how strongly they vary."""

    scheme: Scheme
    wood: str
    pale: str
    textile: str
    second_textile: str
    metal: str
    textile_pattern: Pattern

    def coat(self, coat: Coat, rng: np.random.Generator) -> Material:
        """Draw the material of one coat."""
        match coat:
            case "wood":
                name = self.wood if rng.random() < 0.85 else self.pale
                material = _wooden(name, rng)
            case "pale":
                name = self.pale if rng.random() < 0.7 else self.wood
                material = _wooden(name, rng)
            case "paint":
                material = _made(self.pale, rng, gloss=0.25)
            case "fabric":
                name = self.textile if rng.random() < 0.65 else self.second_textile
                material = _made(name, rng, self.textile_pattern, repeat_m=0.12, contrast=0.12)
            case "metal":
                material = _made(self.metal, rng, gloss=0.6)
            case "accent":
                names = _ANY if rng.random() < _STRAY_SHARE else self.scheme.accents
                material = _made(_pick(names, rng), rng, gloss=0.2)
            case _:
                material = _plain_coat(coat, rng)
        return material

    def look(self, kind: Kind, rng: np.random.Generator) -> Look:
        """Draw the three materials of a piece."""
        main, second, accent = (self.coat(coat, rng) for coat in kind.coats)
        if kind.coats[0] == kind.coats[1] and kind.coats[0] in ("wood", "ceramic"):
            second = main  # one board, one glaze: only accents are free to differ
        return Look(main, second, accent)


class _Finish(NamedTuple):
    """A coat that looks much the same in every palette."""

    names: tuple[str, ...]
    gloss: float = 0.0
    pattern: Pattern = "plain"
    repeat_m: float = 1.0
    contrast: float = 0.0
    glow: float = 0.0


_FINISHES: Final[Mapping[Coat, _Finish]] = {
    "bedding": _Finish(("white", "cream", "light grey"), 0.0, "fabric", 0.10, 0.06),
    "leather": _Finish(("black", "brown", "dark grey", "white", "red"), 0.3),
    "steel": _Finish(("silver", "silver", "white", "black"), 0.55),
    "ceramic": _Finish(("white", "white", "white", "cream", "light grey"), 0.5),
    "plastic": _Finish(("white", "grey", "black", "light grey"), 0.3),
    "leaf": _Finish(_LEAVES, 0.1, "leaves", 0.10, 0.35),
    "dark": _Finish(("black", "dark grey"), 0.25),
    "screen": _Finish(("black",), 0.8),
    "glass": _Finish(("light blue", "dark green", "light grey"), 0.8),
    "silvered": _Finish(("light grey", "light blue"), 1.0),
    "paper": _Finish(("white", "cream"), 0.0),
    "terracotta": _Finish(("terracotta", "white", "grey", "black"), 0.1),
    "straw": _Finish(("beige", "brown", "cream"), 0.0, "fabric", 0.05, 0.25),
    "glow": _Finish(("cream", "white"), 0.0, glow=1.4),
}


def _plain_coat(coat: Coat, rng: np.random.Generator) -> Material:
    finish = _FINISHES[coat]
    return _made(
        _pick(finish.names, rng), rng, finish.pattern, repeat_m=finish.repeat_m,
        contrast=finish.contrast, gloss=finish.gloss, glow=finish.glow,
    )  # fmt: skip


def _pick(names: tuple[str, ...], rng: np.random.Generator) -> str:
    return names[int(rng.integers(len(names)))]


def _wooden(name: str, rng: np.random.Generator) -> Material:
    if name in ("oak", "pine", "walnut", "cherry", "brown", "dark brown"):
        return _made(name, rng, "wood_grain", repeat_m=0.5, contrast=0.22, gloss=0.15)
    return _made(name, rng, gloss=0.25)


def _made(
    name: str,
    rng: np.random.Generator,
    pattern: Pattern = "plain",
    *,
    repeat_m: float = 1.0,
    contrast: float = 0.0,
    gloss: float = 0.0,
    glow: float = 0.0,
) -> Material:
    """Name a colour and shift it a little, as batches of paint and cloth differ."""
    red, green, blue = NAMED[name]
    light = float(rng.normal(1.0, 0.05))
    tint = rng.normal(0.0, 0.012, 3)
    srgb = tuple(
        float(min(0.96, max(0.03, c * light + t)))
        for c, t in zip((red, green, blue), tint, strict=True)
    )
    return Material(
        color=name,
        srgb=(srgb[0], srgb[1], srgb[2]),
        pattern=pattern,
        repeat_m=repeat_m,
        contrast=contrast,
        gloss=gloss,
        glow=glow,
    )


def draw_palette(rng: np.random.Generator) -> Palette:
    """Draw the palette of one room."""
    scheme = SCHEMES[int(rng.integers(len(SCHEMES)))]
    textiles = [str(name) for name in rng.permutation(scheme.textiles)]
    patterns: tuple[Pattern, ...] = ("fabric", "fabric", "fabric", "plain", "stripes", "checks")
    return Palette(
        scheme=scheme,
        wood=_pick(scheme.woods, rng),
        pale=_pick(scheme.paints, rng),
        textile=textiles[0],
        second_textile=textiles[1],
        metal=_pick(scheme.metals, rng),
        textile_pattern=patterns[int(rng.integers(len(patterns)))],
    )
