"""The multimodal language model: two branches of visual tokens, one fusion, a Qwen2 that answers.

Visual tokens take the places of ``<image>`` tokens in the prompt; fusion happens once, before
the language model. Features come from frozen encoders and are cached, so encoders are no part of
this model.

Shape letters: B batch, N visual tokens, C channels, D width, L text positions, A answer tokens.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import numpy as np
import torch
from jaxtyping import Bool, Float, Float32, Int
from torch import Tensor, nn
from torch.nn import functional
from transformers import PreTrainedConfig, PreTrainedModel, Qwen2Config, Qwen2ForCausalLM

from fusion_model.fusions import FUSIONS, Variant
from fusion_model.gated_fusion import Fused, FusionFormula
from fusion_model.prior import PriorGrid
from fusion_model.projector import Projector

IGNORED = -100  # label of positions that are not learned


class Vega3DConfig(PreTrainedConfig):
    """Sizes of a ``Vega3DModel``.

    Args:
        text_config: The language model's, or its fields.
        variant: Which branches it sees.
        formula: The gate's definition; only read by ``gated``.
        semantic_dim: Channels of semantic features.
        generative_dim: Channels of generative features.
        grid: Steps, rows and columns of visual tokens.
        image_token_id: Token whose places visual tokens take.
        **kwargs: What every transformers configuration has.
    """

    model_type = "vega3d"
    sub_configs_defaults: ClassVar[dict[str, Any]] = {"text_config": Qwen2Config}

    # Written out, because the one transformers would generate hides its keywords from the
    # run-time shape checks of the tests.
    def __init__(  # a configuration
        self,
        *,
        text_config: Qwen2Config | dict[str, Any] | None = None,
        variant: Variant = "gated",
        formula: FusionFormula = "paper_raw",
        semantic_dim: int = 1,
        generative_dim: int = 1,
        grid: Sequence[int] = (1, 1, 1),
        image_token_id: int = 0,
        **kwargs: Any,  # noqa: ANN401  # passed on
    ) -> None:
        is_config = isinstance(text_config, Qwen2Config)
        self.text_config = text_config if is_config else Qwen2Config(**(text_config or {}))
        self.variant: Variant = variant
        self.formula: FusionFormula = formula
        self.semantic_dim = semantic_dim
        self.generative_dim = generative_dim
        self.grid = list(grid)
        self.image_token_id = image_token_id
        super().__init__(**kwargs)


class Vega3DOutput(NamedTuple):
    """What a training step needs.

    Attributes:
        loss: Mean cross-entropy of the answer tokens.
        logits_AV: Logits that predict the answer tokens, in order.
    """

    loss: Float[Tensor, ""]
    logits_AV: Float[Tensor, "a v"]


class Branch(nn.Module):
    """One encoder's way in: channels standardised with training statistics, then projected.

    Without the first step a few loud channels of a diffusion transformer drown the others.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, in_dim: int, out_dim: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(in_dim))
        self.register_buffer("std", torch.ones(in_dim))
        self.projector = Projector(in_dim, out_dim)

    def measure(self, tokens: Float32[np.ndarray, "s n c"]) -> None:
        """Take mean and standard deviation per channel from the training split."""
        flat = torch.from_numpy(tokens.reshape(-1, tokens.shape[-1]).astype(np.float64))
        self.mean.copy_(flat.mean(0))
        self.std.copy_(flat.std(0).clamp_min(1e-6))

    def forward(self, tokens_BNC: Float[Tensor, "b n c"]) -> Float[Tensor, "b n d"]:
        """Return tokens in the language model's width."""
        projected_BND: Tensor = self.projector((tokens_BNC - self.mean) / self.std)
        return projected_BND


class GridPositions(nn.Module):
    """A learned embedding per latent step, row and column, added after fusion.

    Takes the part of the official code's 3-D sine embedding, which needs depth and poses.
    """

    def __init__(self, grid: PriorGrid, dim: int) -> None:
        super().__init__()
        self.parts = nn.ParameterList([torch.randn(n, dim) * 0.02 for n in grid])

    def forward(self) -> Float[Tensor, "n d"]:
        """Return one embedding per token, ordered step, row, column."""
        steps_FD, rows_HD, columns_WD = self.parts
        summed = steps_FD[:, None, None] + rows_HD[None, :, None] + columns_WD[None, None]
        return summed.flatten(0, 2)


class Vega3DModel(PreTrainedModel):
    """Answer questions about a clip from semantic and generative tokens.

    Source: arXiv 2603.19235; H-EmbodVis/VEGA-3D@9c96924, llava_arch.py.
    """

    config_class = Vega3DConfig
    base_model_prefix = "vega3d"
    main_input_name = "input_ids"

    def __init__(self, config: Vega3DConfig) -> None:
        super().__init__(config)
        self.language_model = Qwen2ForCausalLM(config.text_config)
        dim: int = self.language_model.config.hidden_size
        used = FUSIONS[config.variant]
        self.semantic = Branch(config.semantic_dim, dim) if used.uses_semantic else None
        self.generative = Branch(config.generative_dim, dim) if used.uses_generative else None
        self.fusion = None if used.build is None else used.build(dim, config.formula)
        self.positions = None if used.build is None else GridPositions(PriorGrid(*config.grid), dim)
        self.post_init()

    def _init_weights(self, module: nn.Module) -> None:
        """Keep the weights that the modules chose for themselves.

        The default would redraw them here, the gate's known start included. (In the official
        spatial-reasoning branch this very hook redraws the pretrained video transformer.)
        """

    @classmethod
    def on_language_model(cls, path: Path | str, config: Vega3DConfig) -> "Vega3DModel":
        """Build a model around pretrained language-model weights.

        ``config.text_config`` is replaced by the checkpoint's own. Where the ``<image>`` token was
        added to the tokenizer and lies past the embeddings, they grow to hold it.
        """
        language_model = Qwen2ForCausalLM.from_pretrained(str(path), dtype=torch.float32)
        if config.image_token_id >= language_model.config.vocab_size:
            language_model.resize_token_embeddings(config.image_token_id + 1, mean_resizing=False)
        config.text_config = language_model.config
        model = cls(config)
        model.language_model.load_state_dict(language_model.state_dict())
        return model

    def fuse(
        self,
        semantic_BNC: Float[Tensor, "b n c"],
        generative_BNG: Float[Tensor, "b n g"],
    ) -> Fused:
        """Return the visual tokens before positions, and each token's semantic share.

        Raises:
            ValueError: The model is blind.
        """
        if self.fusion is None:
            raise ValueError("A blind Vega3DModel fuses nothing; use another variant.")
        semantic = None if self.semantic is None else self.semantic(semantic_BNC)
        generative = None if self.generative is None else self.generative(generative_BNG)
        fused: Fused = self.fusion(semantic, generative)
        return fused

    def embed(
        self,
        input_ids_BL: Int[Tensor, "b l"],
        semantic_BNC: Float[Tensor, "b n c"],
        generative_BNG: Float[Tensor, "b n g"],
    ) -> Float[Tensor, "b l d"]:
        """Embed a prompt; visual tokens replace the ``<image>`` tokens in order.

        Raises:
            ValueError: A prompt has another number of ``<image>`` tokens than there are visual
                tokens.
        """
        text_BLD: Tensor = self.language_model.get_input_embeddings()(input_ids_BL)
        if self.fusion is None or self.positions is None:
            return text_BLD
        visual_BND = self.fuse(semantic_BNC, generative_BNG).tokens_BND + self.positions()
        is_image_BL = input_ids_BL == self.config.image_token_id
        if not (is_image_BL.sum(1) == visual_BND.shape[1]).all():
            raise ValueError(
                f"Embedding a prompt: every row needs {visual_BND.shape[1]} <image> tokens, got "
                f"{is_image_BL.sum(1).tolist()}."
            )
        return text_BLD.masked_scatter(is_image_BL[..., None], visual_BND)

    def forward(
        self,
        input_ids: Int[Tensor, "b l"],
        *,
        semantic: Float[Tensor, "b n c"],
        generative: Float[Tensor, "b n g"],
        labels: Int[Tensor, "b l"],
        attention_mask: Bool[Tensor, "b 1 l l"] | None = None,
        position_ids: Int[Tensor, "b l"] | None = None,
    ) -> Vega3DOutput:
        """Return the loss on the answer tokens; only their logits are computed.

        Args:
            input_ids: Prompt and answers.
            semantic: Semantic features of the row's sequence; not read by every variant.
            generative: Generative features, likewise.
            labels: The input ids where an answer is learned, ``IGNORED`` elsewhere.
            attention_mask: Who may look at whom; plain causal attention without it.
            position_ids: Needed with packed questions, which all start behind the images.
        """
        hidden_BLD = self.language_model.model(
            inputs_embeds=self.embed(input_ids, semantic, generative),
            attention_mask=attention_mask,
            position_ids=position_ids,
            use_cache=False,
        ).last_hidden_state
        learned = labels[:, 1:] != IGNORED
        logits_AV = self.language_model.lm_head(hidden_BLD[:, :-1][learned])
        loss = functional.cross_entropy(logits_AV, labels[:, 1:][learned])
        return Vega3DOutput(loss, logits_AV)

    @torch.no_grad()
    def answer(
        self,
        input_ids: Int[Tensor, "b l"],
        attention_mask: Int[Tensor, "b l"],
        *,
        semantic: Float[Tensor, "b n c"],
        generative: Float[Tensor, "b n g"],
        max_new_tokens: int,
        allowed: Callable[[int, Tensor], list[int]] | None = None,
    ) -> Int[Tensor, "b a"]:
        """Generate answers greedily from left-padded prompts; returns the new tokens only.

        ``allowed`` names the tokens that may come next, given a row and what it has said so far.
        """
        generated: Tensor = self.language_model.generate(
            inputs_embeds=self.embed(input_ids, semantic, generative),
            attention_mask=attention_mask,
            max_new_tokens=max_new_tokens,
            do_sample=False,
            prefix_allowed_tokens_fn=allowed,
        )
        return generated
