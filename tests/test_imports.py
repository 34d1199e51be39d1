"""Importing the core stays cheap, and needs nothing heavy."""

import subprocess
import sys

import pytest

HEAVY = ("torch", "prefect", "diffusers", "transformers", "datasets", "huggingface_hub")


@pytest.mark.parametrize(
    "module", ["synth.scene", "qa_gen.questions", "qa_gen.scoring", "flows.cli"]
)
def test_importing_the_core_brings_in_no_model_or_workflow_library(module):
    code = f"import sys, {module}; print(sorted(set({HEAVY}) & set(sys.modules)))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
