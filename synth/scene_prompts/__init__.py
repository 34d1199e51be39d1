"""Prompts for the full-size video models: sampled or written scenes, moves with a named target."""
