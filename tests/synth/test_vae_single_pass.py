"""One pass over a clip is the same function as diffusers' chunks with a cache."""

import pytest
import torch
from diffusers.models.autoencoders.autoencoder_kl_wan import WanResample

from synth.wan.models import make_vae
from synth.wan.training import torch_generator, torch_seeded
from synth.wan.vae_single_pass import decode_unclamped, encode_moments, single_pass


@pytest.fixture(scope="module")
def vae():
    with torch_seeded(0, "test", "vae"):
        return make_vae().eval()


@pytest.mark.parametrize("n_frames", [1, 5, 9])
@torch.no_grad()
def test_one_pass_equals_the_cached_path(vae, n_frames):
    video = torch.rand(2, 3, n_frames, 32, 32, generator=torch_generator(0, "video")) * 2 - 1
    posterior = vae.encode(video).latent_dist
    decoded = vae.decode(posterior.mean).sample
    with single_pass(vae):
        mean, log_variance = encode_moments(vae, video)
        pixels = decode_unclamped(vae, mean)
    torch.testing.assert_close(mean, posterior.mean, atol=1e-5, rtol=0)
    torch.testing.assert_close(log_variance, posterior.logvar, atol=1e-5, rtol=0)
    torch.testing.assert_close(pixels.clamp(-1, 1), decoded, atol=1e-5, rtol=0)


def test_the_model_is_as_before_when_the_block_ends(vae):
    layers = [m for m in vae.modules() if isinstance(m, WanResample)]
    with single_pass(vae):
        assert any("forward" in layer.__dict__ for layer in layers)
    assert not any("forward" in layer.__dict__ for layer in layers)


def test_calling_the_cached_path_inside_the_block_is_refused(vae):
    with single_pass(vae), pytest.raises(ValueError, match="inside the block"):
        vae.encode(torch.zeros(1, 3, 5, 16, 16))
