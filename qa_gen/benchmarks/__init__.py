"""Readers of published benchmarks' own files."""
