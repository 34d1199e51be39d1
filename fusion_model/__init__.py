"""Encoders, VEGA-3D's gated fusion and the multimodal language model that answers."""
