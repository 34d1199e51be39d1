"""Magnitude ratios of the public Wan2.1 models for MagCache.

One number per step: how the mean length of the transformer's residual changes from the step
before. Measured by MagCache's authors with the native Wan2.1 code and published in
github.com/Zehong-Ma/MagCache at e1862e0 (``MagCache4Wan2.1/magcache_generate.py``, Apache-2.0),
there separately for the two branches of guidance (which differ by at most 0.01); diffusers takes
one series, so these are their means. Ratios of
another checkpoint, LoRA or scheduler: ``synth.wan.caching.measure_mag_ratios``.
"""

from typing import Final

# fmt: off
WAN21_T2V_1_3B_MAG_RATIOS: Final = (
    1.0, 1.0173, 1.0029, 0.9993, 0.9972, 0.9966, 0.9958, 0.9942, 0.9958, 0.9957, 0.9951, 0.9953,
    0.9955, 0.9954, 0.9954, 0.9949, 0.9952, 0.9948, 0.9948, 0.9941, 0.9942, 0.9939, 0.9939, 0.9935,
    0.9931, 0.9927, 0.9923, 0.9917, 0.9914, 0.9907, 0.9900, 0.9894, 0.9885, 0.9876, 0.9864, 0.9850,
    0.9836, 0.9820, 0.9798, 0.9772, 0.9741, 0.9700, 0.9654, 0.9593, 0.9509, 0.9402, 0.9241, 0.9025,
    0.8684, 0.8189,
)
WAN21_T2V_14B_MAG_RATIOS: Final = (
    1.0, 1.0276, 1.0014, 0.9991, 0.9977, 0.9966, 0.9948, 0.9946, 0.9966, 0.9943, 0.9954, 0.9947,
    0.9944, 0.9952, 0.9938, 0.9940, 0.9952, 0.9941, 0.9943, 0.9934, 0.9942, 0.9927, 0.9931, 0.9921,
    0.9922, 0.9922, 0.9916, 0.9914, 0.9898, 0.9900, 0.9887, 0.9877, 0.9877, 0.9857, 0.9850, 0.9838,
    0.9818, 0.9804, 0.9768, 0.9754, 0.9718, 0.9671, 0.9635, 0.9563, 0.9493, 0.9396, 0.9251, 0.9069,
    0.8795, 0.8615,
)
WAN21_I2V_14B_480P_MAG_RATIOS: Final = (
    1.0, 0.9889, 0.9758, 0.9831, 0.9821, 0.9888, 0.9876, 0.9896, 0.9905, 0.9938, 0.9886, 0.9907,
    0.9885, 0.9906, 0.9896, 0.9861, 0.9882, 0.9876, 0.9881, 0.9872, 0.9857, 0.9854, 0.9816, 0.9841,
    0.9795, 0.9815, 0.9774, 0.9783, 0.9736, 0.9709, 0.9706, 0.9659, 0.9612, 0.9568, 0.9496, 0.9398,
    0.9322, 0.9189, 0.9095, 0.9262,
)
# fmt: on
