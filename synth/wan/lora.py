"""LoRA files a recipe adds to a transformer: which bytes, and how strongly.

The bytes are pinned, by a sha256 or by the commit of a Hub repository. This module holds the
configuration and needs no torch; ``synth.wan.lora_loading`` checks and loads the files.
"""

import math
import re
from dataclasses import dataclass
from typing import Final

_COMMIT: Final = re.compile(r"[0-9a-f]{40}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_HUB_REPO: Final = re.compile(r"[\w.-]+/[\w.-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lora:
    """One LoRA.

    Attributes:
        source: Without ``revision`` a local ``.safetensors`` file, or the folder of
            ``weight_name``; with it a Hub repository ``owner/name``.
        revision: Commit (40 hex digits) of the Hub repository; branches and tags move.
        weight_name: File inside the folder or repository.
        sha256: Of the file, checked before it is read. Needed for local files; a commit already
            pins the bytes of a Hub file.
        weight: Strength; distilled models mostly want 1.
        is_fused: Add it to the weights once, which costs nothing afterwards but cannot be undone;
            else it is computed at every step, which needs the package ``peft``.
        is_for_second: Load it into ``transformer_2`` of two-expert models instead.

    Raises:
        ValueError: The source is not pinned, or a field is malformed.
    """

    source: str
    revision: str | None = None
    weight_name: str | None = None
    sha256: str | None = None
    weight: float = 1.0
    is_fused: bool = True
    is_for_second: bool = False

    def __post_init__(self) -> None:
        if self.sha256 is not None and not _SHA256.fullmatch(self.sha256):
            raise ValueError(
                f"Lora {self.source}: sha256 is 64 lower-case hex digits, got {self.sha256!r}."
            )
        if not math.isfinite(self.weight) or self.weight == 0:
            raise ValueError(
                f"Lora {self.source}: weight must be finite and not 0, got {self.weight}; leave "
                "the LoRA out instead of giving it no weight."
            )
        if self.revision is None:
            self._check_local()
        else:
            self._check_hub(self.revision)

    @property
    def is_on_hub(self) -> bool:
        """Return whether the file comes from the Hub."""
        return self.revision is not None

    def _check_local(self) -> None:
        name = self.weight_name or self.source
        if not name.endswith(".safetensors"):
            raise ValueError(
                f"Lora {self.source}: a local LoRA is a .safetensors file (or a folder with "
                "weight_name); for a Hub repository give its revision, a commit of 40 hex digits."
            )
        if self.sha256 is None:
            raise ValueError(
                f"Lora {self.source}: a local file must be pinned by its sha256 (sha256sum FILE)."
            )

    def _check_hub(self, revision: str) -> None:
        if not _COMMIT.fullmatch(revision):
            raise ValueError(
                f"Lora {self.source}: revision must be a commit of 40 hex digits, got "
                f"{revision!r}; branches and tags move."
            )
        if not _HUB_REPO.fullmatch(self.source):
            raise ValueError(
                f"Lora {self.source}: a revision belongs to a Hub repository 'owner/name'."
            )
        if self.weight_name is None or not self.weight_name.endswith(".safetensors"):
            raise ValueError(
                f"Lora {self.source}: name the .safetensors file of the repository as "
                f"weight_name, got {self.weight_name!r}."
            )
