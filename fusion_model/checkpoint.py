"""Model folders: ordinary ``save_pretrained`` folders that appear whole or not at all."""

import shutil
from pathlib import Path

import torch
from transformers import PreTrainedTokenizerBase

from fusion_model.chat import load_tokenizer
from fusion_model.mllm import Vega3DModel


def save_model(model: Vega3DModel, tokenizer: PreTrainedTokenizerBase, folder: Path) -> Path:
    """Write weights, configuration and tokenizer, replacing what was there."""
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    model.save_pretrained(partial)
    tokenizer.save_pretrained(partial)
    shutil.rmtree(folder, ignore_errors=True)
    return partial.rename(folder)


def load_model(folder: Path) -> tuple[Vega3DModel, PreTrainedTokenizerBase]:
    """Read what ``save_model`` wrote, in float32 and ready to answer.

    Raises:
        FileNotFoundError: The folder holds no model.
    """
    if not (folder / "config.json").is_file():
        raise FileNotFoundError(
            f"Loading a model: {folder} has no config.json; train it first or give another folder."
        )
    model = Vega3DModel.from_pretrained(str(folder), dtype=torch.float32).eval()
    return model, load_tokenizer(folder)
