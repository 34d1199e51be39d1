"""Stand-ins that answer as the packages do, in their layouts and conventions, from known truth."""

from types import SimpleNamespace

import numpy as np
import torch

from synth.measure.estimators.feed_forward import patch_map
from synth.measure.pixel_map import to_integer_centers
from synth.poses import invert


def _sampled(depth, pixel_map):
    """Depth at the model's pixel centers, nearest."""
    u = (np.arange(pixel_map.width) + 0.5 + pixel_map.crop_x) / pixel_map.scale_x
    v = (np.arange(pixel_map.height) + 0.5 + pixel_map.crop_y) / pixel_map.scale_y
    columns = np.clip(np.floor(u).astype(int), 0, depth.shape[2] - 1)
    rows = np.clip(np.floor(v).astype(int), 0, depth.shape[1] - 1)
    return depth[:, rows][:, :, columns]


class _Fake:
    def __init__(self, truth, longest):
        self.map = patch_map(truth.depth.shape[1:], longest)
        self.depth = _sampled(truth.depth, self.map)
        matrices = [to_integer_centers(self.map.intrinsics_to_model(k)) for k in truth.intrinsics]
        self.matrices = np.stack(matrices)
        self.c2w = invert(truth.c2w[0]) @ truth.c2w  # their world is the first camera


class FakeMapAnything(_Fake):
    """``infer``: one dict per view, c2w, metres."""

    def __init__(self, truth, longest=98, *, poses="c2w"):
        super().__init__(truth, longest)
        self.poses = self.c2w if poses == "c2w" else invert(self.c2w)

    def infer(self, views):
        assert all(tuple(v["img"].shape[2:]) == self.depth.shape[1:] for v in views)
        self.views = views
        return [
            {
                "depth_z": torch.from_numpy(d).float()[None, ..., None],
                "intrinsics": torch.from_numpy(k).float()[None],
                "camera_poses": torch.from_numpy(p).float()[None],
                "conf": torch.ones(1, *d.shape),
                "mask": torch.from_numpy(d > 0)[None, ..., None],
            }
            for d, k, p in zip(self.depth, self.matrices, self.poses, strict=True)
        ]


class FakeVggt(_Fake):
    """A dict of batched tensors, w2c by the decoder; the world is ``unit`` metres large."""

    def __init__(self, truth, longest=98, *, unit=2.5):
        super().__init__(truth, longest)
        self.unit = unit

    def __call__(self, images):
        assert tuple(images.shape[2:]) == self.depth.shape[1:]
        depth = torch.from_numpy(self.depth / self.unit).float()
        return {
            "pose_enc": torch.zeros(1, len(depth), 9),
            "depth": depth[None, ..., None],
            "depth_conf": torch.ones_like(depth)[None],
        }

    def decode(self, pose_enc, size):
        assert pose_enc.shape[2] == 9
        assert size == self.depth.shape[1:]
        w2c = invert(self.c2w)[:, :3]
        w2c[:, :, 3] /= self.unit
        return torch.from_numpy(w2c).float()[None], torch.from_numpy(self.matrices).float()[None]


class FakeDepthAnything3(_Fake):
    """``inference``: numpy arrays, (n, 3, 4) w2c; both sides stretched to whole patches."""

    def __init__(self, truth, variant, size=(70, 98)):
        from synth.measure.pixel_map import PixelMap

        self.map = PixelMap.stretched(source=truth.depth.shape[1:], size=size)
        self.depth = _sampled(truth.depth, self.map)
        cameras = [self.map.intrinsics_to_model(k) for k in truth.intrinsics]
        self.matrices = np.stack([to_integer_centers(k) for k in cameras]).astype(np.float32)
        self.w2c = invert(invert(truth.c2w[0]) @ truth.c2w)[:, :3].astype(np.float32)
        self.variant = variant
        self.focal = np.array([(k.fx + k.fy) / 2 for k in cameras])[:, None, None]

    def inference(self, image):
        assert len(image) == len(self.depth)
        if self.variant == "metric":
            depth = (self.depth * 300.0 / self.focal).astype(np.float32)
            return SimpleNamespace(depth=depth, conf=None, extrinsics=None, intrinsics=None)
        return SimpleNamespace(
            depth=self.depth,
            conf=np.ones_like(self.depth),
            extrinsics=self.w2c,
            intrinsics=self.matrices,
        )
