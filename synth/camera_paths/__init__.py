"""Camera paths: primitives in physical units, splines, easing, algebra, checks, sentences.

One module per concern; ``synth.trajectories`` holds the path itself and makes single primitives.
"""
