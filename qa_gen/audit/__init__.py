"""What a model that cannot see gets right: measured, and pruned away."""
