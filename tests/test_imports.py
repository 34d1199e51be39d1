"""Importing the core stays cheap, and needs nothing heavy."""

import pkgutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import qa_gen

HEAVY = ("torch", "prefect", "diffusers", "transformers", "datasets", "huggingface_hub")
ROOT = Path(__file__).parents[1]


def core_of_synth():
    """The synth modules that pyproject.toml promises to keep apart from the models."""
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    contract = next(c for c in linter["contracts"] if "synth.wan" in c.get("forbidden_modules", ()))
    return [name for name in contract["source_modules"] if name.startswith("synth.")]


def modules_of_qa_gen():
    return [found.name for found in pkgutil.walk_packages(qa_gen.__path__, "qa_gen.")]


@pytest.mark.parametrize(
    "modules",
    [["synth.scene"], [*core_of_synth(), *modules_of_qa_gen()], ["flows.cli"], ["flows.options"]],
    ids=["scene", "core", "cli", "options"],
)
def test_importing_the_core_brings_in_no_model_or_workflow_library(modules):
    names = ", ".join(modules)
    code = f"import sys, {names}; print(sorted(set({HEAVY}) & set(sys.modules)))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


def test_the_core_is_the_whole_core():
    assert len(core_of_synth()) >= 17
    assert "qa_gen.questions.camera.camera_motion" in modules_of_qa_gen()
