"""Questions about measured geometry: asked, balanced, put to a model and scored."""
