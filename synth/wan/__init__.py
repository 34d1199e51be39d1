"""Wan video models: the pipelines that generate sequences and the training of the tiny ones."""
