"""Recipes of the embedded tiny checkpoints: SigLIP and Qwen2."""
