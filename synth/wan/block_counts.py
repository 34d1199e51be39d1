"""Count which transformer blocks really run, by branch of classifier-free guidance.

diffusers' caches wrap the forward of blocks. The counting hooks here are registered *before* them,
hence inside: they see a block only when it is computed. The branches (``cond``, ``uncond``) are
counted apart, because a cache that mixes them up skips in one of them only.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple

from diffusers.hooks import HookRegistry, ModelHook
from diffusers.hooks.hooks import BaseState, StateManager
from torch import nn

_HOOK: Final = "vega3d_block_counter"
_OUTSIDE: Final = "outside"  # a pass that no pipeline put into a branch


class BranchEffect(NamedTuple):
    """What was computed in one branch of guidance.

    Attributes:
        branch: ``cond`` or ``uncond``.
        forwards: Passes of the transformer.
        blocks_computed: Blocks that ran in them.
        blocks_possible: Blocks that would have run without a cache.
    """

    branch: str
    forwards: int
    blocks_computed: int
    blocks_possible: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheEffect:
    """What a step cache saved in one call of the pipeline.

    Attributes:
        method: Of the cache.
        branches: In the order they ran; empty when no cache is on.
    """

    method: str
    branches: tuple[BranchEffect, ...]

    @property
    def blocks_computed(self) -> int:
        """Return the blocks that ran, over both branches."""
        return sum(branch.blocks_computed for branch in self.branches)

    @property
    def blocks_possible(self) -> int:
        """Return the blocks that would have run without a cache."""
        return sum(branch.blocks_possible for branch in self.branches)

    @property
    def skipped_share(self) -> float:
        """Return the share of blocks that were skipped; 0 when nothing was counted."""
        possible = self.blocks_possible
        return 1.0 - self.blocks_computed / possible if possible else 0.0


class BlockCounter:
    """Counting hooks on the blocks of transformers.

    Turn caches on after ``BlockCounter`` was made, and off before ``remove``: diffusers breaks the
    outer hooks when an inner one is taken away.

    Args:
        transformers: Models with ``blocks`` (and, for VACE, ``vace_blocks``).
        parts: Names of the modules that a cache may skip inside of blocks; a block then counts as
            computed when one of its parts ran. Without them whole blocks are counted.
    """

    def __init__(self, transformers: Sequence[nn.Module], parts: Sequence[str] = ()) -> None:
        self._transformers = transformers
        self._branch = _Branch()
        self._forwards: Counter[tuple[str, int]] = Counter()
        self._runs: Counter[tuple[str, str, str]] = Counter()  # (branch, block, part)
        self._n_blocks: list[int] = []
        self._handles = [
            each.register_forward_pre_hook(partial(self._count_forward, number))
            for number, each in enumerate(transformers)
        ]
        for number, transformer in enumerate(transformers):
            names = list(parts or block_names(transformer))
            blocks = [".".join([str(number), *name.split(".")[:2]]) for name in names]
            for name, block in zip(names, blocks, strict=True):
                module = transformer.get_submodule(name)
                registry = HookRegistry.check_if_exists_or_initialize(module)
                registry.register_hook(_RunHook(self._branch, self._runs, block, name), _HOOK)
            self._n_blocks.append(len(set(blocks)))
            _refresh(transformer)

    @property
    def branch(self) -> str:
        """Return the branch that runs now."""
        return self._branch.name

    def remove(self) -> None:
        """Take the hooks off; the models are as before."""
        for handle in self._handles:
            handle.remove()
        for transformer in self._transformers:
            HookRegistry.check_if_exists_or_initialize(transformer).remove_hook(_HOOK, recurse=True)
            _refresh(transformer)

    def clear(self) -> None:
        """Forget all counts."""
        self._forwards.clear()
        self._runs.clear()

    def effect(self, method: str) -> CacheEffect:
        """Return the counts since ``clear``."""
        per_block: dict[tuple[str, str], int] = {}
        for (branch, block, _), runs in self._runs.items():
            per_block[branch, block] = max(per_block.get((branch, block), 0), runs)
        found = []
        for name in dict.fromkeys(branch for branch, _ in self._forwards):
            passes = {number: n for (b, number), n in self._forwards.items() if b == name}
            computed = sum(runs for (branch, _), runs in per_block.items() if branch == name)
            possible = sum(n * self._n_blocks[number] for number, n in passes.items())
            found.append(BranchEffect(name, sum(passes.values()), computed, possible))
        return CacheEffect(method=method, branches=tuple(found))

    def _count_forward(self, number: int, _module: nn.Module, _inputs: tuple[Any, ...]) -> None:
        self._forwards[self._branch.name, number] += 1


def block_names(transformer: nn.Module) -> Iterator[str]:
    """Yield the names of a Wan transformer's blocks: ``blocks.0``, ..., ``vace_blocks.0``, ..."""
    for stack in ("blocks", "vace_blocks"):
        for number, _ in enumerate(getattr(transformer, stack, ())):
            yield f"{stack}.{number}"


class _NoState(BaseState):
    def reset(self) -> None:
        """Do nothing; there is no state."""


class _Branch(StateManager):
    """Hears from diffusers' ``cache_context`` which branch runs."""

    def __init__(self) -> None:
        super().__init__(_NoState)
        self.name = _OUTSIDE

    def set_context(self, context: Any) -> None:  # noqa: ANN401  a name, or a CacheContext since 0.41
        super().set_context(context)
        self.name = _OUTSIDE if context is None else str(getattr(context, "name", context))


class _RunHook(ModelHook):
    _is_stateful = True  # only such hooks are told the branch

    def __init__(
        self, branch: _Branch, runs: Counter[tuple[str, str, str]], block: str, part: str
    ) -> None:
        super().__init__()
        self.branch = branch
        self._runs = runs
        self._names = block, part

    def pre_forward(
        self,
        _module: nn.Module,
        *inputs: Any,  # noqa: ANN401  whatever the model passes
        **options: Any,  # noqa: ANN401
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        self._runs[self.branch.name, *self._names] += 1
        return inputs, options

    def reset_state(self, module: nn.Module) -> nn.Module:
        """Keep the counts: a pipeline resets all hooks at the end of a clip."""
        return module


def _refresh(transformer: nn.Module) -> None:
    # The list of hooked children is cached, and hooks of children do not make it stale.
    HookRegistry.check_if_exists_or_initialize(transformer).invalidate_child_registries_cache()
