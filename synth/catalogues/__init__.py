"""Furniture from users' own meshes and from installed model libraries."""
