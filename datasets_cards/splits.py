"""Scene-disjoint splits by hash: adding scenes never moves one that is already published."""

import hashlib
from dataclasses import dataclass
from typing import Final, Literal

Split = Literal["train", "test"]

SPLITS: Final[tuple[Split, ...]] = ("train", "test")


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitConfig:
    """How scenes are divided.

    Attributes:
        test_fraction: Expected share of scenes in ``test``, 0..1. Each scene is decided by itself,
            so a small dataset deviates from it.
        salt: Another salt is another division; it is never changed for a published dataset.
    """

    test_fraction: float = 0.2
    salt: str = "vega3d"

    def __post_init__(self) -> None:
        if not 0.0 <= self.test_fraction <= 1.0:
            raise ValueError(
                f"SplitConfig.test_fraction is a share in 0..1, got {self.test_fraction}."
            )


def split_of(scene_id: str, config: SplitConfig) -> Split:
    """Return the split of a scene, which depends on nothing but its id and ``config``."""
    digest = hashlib.sha256(f"{config.salt}\x1f{scene_id}".encode()).digest()
    position = int.from_bytes(digest[:8], "big") / 2**64
    return "test" if position < config.test_fraction else "train"
