"""Floating-point operations and parameters of Wan's networks, counted from their shapes.

A multiply and an add are two operations, as in ``torch.utils.flop_counter``, which counts the
same things: matrix products, convolutions and attention. Norms, activations and resampling are
left out (they are bound by memory, not arithmetic).
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from synth.wan.architecture import TextEncoderShape, TransformerShape, VaeShape

CLIP_IMAGE_TOKENS: Final = 257  # of CLIP ViT-H/14 at 224 px, which Wan's I2V models read
_MODULATION: Final = 6  # shift, scale and gate, for attention and feed-forward


class ClipSize(NamedTuple):
    """The size of a clip in pixels and frames."""

    n_frames: int
    height: int
    width: int


def n_tokens(clip: ClipSize, transformer: TransformerShape, vae: VaeShape) -> int:
    """Return the length of the transformer's sequence for a clip."""
    steps = (clip.n_frames - 1) // vae.temporal_factor + 1
    side = vae.spatial_factor
    pt, ph, pw = transformer.patch
    return (steps // pt) * (clip.height // side // ph) * (clip.width // side // pw)


def transformer_flops(shape: TransformerShape, tokens: int, text_positions: int) -> int:
    """Count one forward pass of one clip.

    Args:
        shape: The transformer.
        tokens: Length of its sequence, see ``n_tokens``.
        text_positions: Positions of the prompt, padding included: it is attended to as well.
    """
    d = shape.width
    pt, ph, pw = shape.patch
    patch = pt * ph * pw
    total = 2 * tokens * d * patch * (shape.in_channels + shape.out_channels)
    total += 2 * (shape.freq_dim * d + d * d + d * _MODULATION * d)
    total += 2 * text_positions * (shape.text_dim * d + d * d)
    image_tokens = 0
    if shape.image_dim is not None:
        image_tokens = CLIP_IMAGE_TOKENS
        total += 2 * image_tokens * (shape.image_dim**2 + shape.image_dim * d)
    block = _block_flops(shape, tokens, text_positions, image_tokens)
    total += shape.n_layers * block
    if shape.n_vace_layers:
        total += 2 * tokens * d * patch * shape.vace_in_channels
        # Every control block ends in a projection; the first begins with one.
        total += shape.n_vace_layers * (block + 2 * tokens * d * d) + 2 * tokens * d * d
    return total


def _block_flops(shape: TransformerShape, tokens: int, text: int, image: int) -> int:
    d = shape.width
    linear = 2 * tokens * (6 * d * d + 2 * d * shape.ffn) + 2 * 2 * (text + image) * d * d
    attention = 4 * tokens * d * (tokens + text + image)
    return linear + attention


def transformer_parameters(shape: TransformerShape) -> int:
    """Count the weights of a transformer."""
    d, patch = shape.width, shape.patch[0] * shape.patch[1] * shape.patch[2]
    total = d * shape.in_channels * patch + d
    total += shape.freq_dim * d + d + d * d + d + d * _MODULATION * d + _MODULATION * d
    total += shape.text_dim * d + d + d * d + d
    total += d * shape.out_channels * patch + shape.out_channels * patch + 2 * d
    added = 0
    if shape.image_dim is not None:
        wide = shape.image_dim
        total += 2 * wide + wide * wide + wide + wide * d + d + 2 * d
        added = 2 * (d * d + d) + d
    attention = 4 * (d * d + d) + 2 * d
    block = 2 * attention + added + 2 * d * shape.ffn + shape.ffn + d + _MODULATION * d + 2 * d
    total += shape.n_layers * block
    if shape.n_vace_layers:
        total += d * shape.vace_in_channels * patch + d
        total += shape.n_vace_layers * (block + d * d + d) + d * d + d
    return total


class _Conv(NamedTuple):
    """A convolution of the VAE and where it works."""

    in_channels: int
    out_channels: int
    kernel: int  # positions of its window
    shrink: int  # side of the video over side of its output
    steps: int  # frames of its output


def vae_encode_flops(shape: VaeShape, clip: ClipSize) -> int:
    """Count encoding one clip."""
    convs = _conv_flops(_encoder(shape, clip), shape, clip)
    return convs + _mid_attention(shape, shape.base, clip)


def vae_decode_flops(shape: VaeShape, clip: ClipSize) -> int:
    """Count decoding one clip."""
    convs = _conv_flops(_decoder(shape, clip), shape, clip)
    return convs + _mid_attention(shape, shape.decoder_base, clip)


def vae_parameters(shape: VaeShape) -> int:
    """Count the weights of encoder and decoder (norms left out: under 0.1 %)."""
    one = ClipSize(5, shape.spatial_factor, shape.spatial_factor)
    convs = [*_encoder(shape, one), *_decoder(shape, one)]
    total = sum(c.in_channels * c.out_channels * c.kernel + c.out_channels for c in convs)
    for base in (shape.base, shape.decoder_base):
        top = base * shape.multipliers[-1]
        total += 4 * top * top + 4 * top
    return total


def _conv_flops(convs: Iterator[_Conv], shape: VaeShape, clip: ClipSize) -> int:
    height, width = clip.height // shape.patch, clip.width // shape.patch
    return sum(
        2 * c.in_channels * c.out_channels * c.kernel * c.steps
        * (height // c.shrink) * (width // c.shrink)
        for c in convs
    )  # fmt: skip


def _residual(n_in: int, n_out: int, shrink: int, steps: int) -> Iterator[_Conv]:
    yield _Conv(n_in, n_out, 27, shrink, steps)
    yield _Conv(n_out, n_out, 27, shrink, steps)
    if n_in != n_out:
        yield _Conv(n_in, n_out, 1, shrink, steps)


def _encoder(shape: VaeShape, clip: ClipSize) -> Iterator[_Conv]:
    pixels = 3 * shape.patch**2
    width, shrink, steps = shape.base, 1, clip.n_frames
    yield _Conv(pixels, width, 27, shrink, steps)
    for stage, multiplier in enumerate(shape.multipliers):
        out = shape.base * multiplier
        for _ in range(shape.n_res_blocks):
            yield from _residual(width, out, shrink, steps)
            width = out
        if stage < len(shape.multipliers) - 1:
            shrink *= 2
            yield _Conv(width, width, 9, shrink, steps)
            if shape.temporal_downsample[stage]:
                # The first frame passes alone, and only the rest goes through the convolution.
                steps = (steps - 1) // 2 + 1
                yield _Conv(width, width, 3, shrink, steps - 1)
    yield from _residual(width, width, shrink, steps)
    yield from _residual(width, width, shrink, steps)
    yield _Conv(width, 2 * shape.latent_channels, 27, shrink, steps)
    yield _Conv(2 * shape.latent_channels, 2 * shape.latent_channels, 1, shrink, steps)


def _decoder(shape: VaeShape, clip: ClipSize) -> Iterator[_Conv]:
    shrink = int(2 ** (len(shape.multipliers) - 1))
    steps = (clip.n_frames - 1) // shape.temporal_factor + 1
    width = shape.decoder_base * shape.multipliers[-1]
    yield _Conv(shape.latent_channels, shape.latent_channels, 1, shrink, steps)
    yield _Conv(shape.latent_channels, width, 27, shrink, steps)
    yield from _residual(width, width, shrink, steps)
    yield from _residual(width, width, shrink, steps)
    upsample = shape.temporal_downsample[::-1]
    for stage, multiplier in enumerate(reversed(shape.multipliers)):
        out = shape.decoder_base * multiplier
        for _ in range(shape.n_res_blocks + 1):
            yield from _residual(width, out, shrink, steps)
            width = out
        if stage < len(shape.multipliers) - 1:
            if upsample[stage]:
                yield _Conv(width, 2 * width, 3, shrink, steps - 1)
                steps = 2 * (steps - 1) + 1
            shrink //= 2
            narrowed = width if shape.is_residual else width // 2
            yield _Conv(width, narrowed, 9, shrink, steps)
            width = narrowed
    yield _Conv(width, 3 * shape.patch**2, 27, shrink, steps)


def _mid_attention(shape: VaeShape, base: int, clip: ClipSize) -> int:
    """Count the one attention in the middle, over the pixels of each latent step."""
    steps = (clip.n_frames - 1) // shape.temporal_factor + 1
    pixels = (clip.height // shape.spatial_factor) * (clip.width // shape.spatial_factor)
    width = base * shape.multipliers[-1]
    return steps * (2 * pixels * 4 * width * width + 4 * pixels * pixels * width)


def text_encoder_flops(shape: TextEncoderShape, positions: int) -> int:
    """Count encoding one prompt."""
    linear = 2 * positions * _text_block(shape)
    attention = 4 * positions * positions * shape.inner
    return shape.n_layers * (linear + attention)


def text_encoder_parameters(shape: TextEncoderShape) -> int:
    """Count the weights of a UMT5 encoder (position biases and norms left out: under 0.1 %)."""
    return shape.vocabulary * shape.width + shape.n_layers * _text_block(shape)


def _text_block(shape: TextEncoderShape) -> int:
    """Count the weights of one layer, all of them matrices that every position goes through."""
    return shape.width * (4 * shape.inner + (3 if shape.is_gated else 2) * shape.ffn)
