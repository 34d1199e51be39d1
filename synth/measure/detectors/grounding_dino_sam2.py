"""Grounding DINO finds boxes by words, SAM 2 turns them into masks; both by transformers.

The words go in as ``"a chair. a table."``. The model answers with a score per box and text token;
a word's score is the mean over its own tokens, so "coffee table" and "table" stay apart. (The
processor's phrases join whatever tokens pass a threshold, also across words.)

Models: ``IDEA-Research/grounding-dino-tiny`` and ``facebook/sam2.1-hiera-*``, both Apache-2.0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import torch
from jaxtyping import Bool, Float64, UInt8
from torch import Tensor
from transformers import (
    AutoImageProcessor,
    AutoTokenizer,
    GroundingDinoForObjectDetection,
    Sam2Model,
)

from synth.measure.detector import FrameDetections
from synth.measure.packages import ModelWeights
from synth.measure.tracking import Found, TrackingConfig, link

_VOWELS: Final = "aeiou"
# SAM 2's image processor exists for torchvision only; these are its settings.
_MEAN: Final = torch.tensor([0.485, 0.456, 0.406])[:, None, None]
_STD: Final = torch.tensor([0.229, 0.224, 0.225])[:, None, None]


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionConfig:
    """What counts as found.

    Attributes:
        least_score: Of a word for a box. 0.25 is the processor's default for boxes.
        most_overlap: Boxes that share more (IoU) with a better one are the same thing.
        least_pixels: Smaller masks are dropped.
        tracking: How detections become tracks.
    """

    least_score: float = 0.25
    most_overlap: float = 0.7
    least_pixels: int = 12
    tracking: TrackingConfig = TrackingConfig()  # noqa: RUF009 - frozen


class Prompt(NamedTuple):
    """Words as the detector reads them."""

    text: str
    words: tuple[str, ...]


class _Boxes(NamedTuple):
    boxes: Float64[np.ndarray, "n 4"]
    scores: Float64[np.ndarray, " n"]
    labels: tuple[str, ...]


class GroundingDinoSam2:
    """Both models, loaded once.

    Args:
        detector: Grounding DINO: a ``save_pretrained`` folder or a pinned repository, with
            tokenizer and preprocessor.
        segmenter: SAM 2.
        device: Where the networks run.
        config: What counts as found.
    """

    def __init__(
        self,
        detector: ModelWeights,
        segmenter: ModelWeights,
        device: str = "cpu",
        config: DetectionConfig = DetectionConfig(),
    ) -> None:
        self._sources = (detector, segmenter)
        self._processor = AutoImageProcessor.from_pretrained(
            detector.id, revision=detector.revision, backend="pil"
        )
        self._tokenizer = AutoTokenizer.from_pretrained(detector.id, revision=detector.revision)
        dino = GroundingDinoForObjectDetection.from_pretrained(
            detector.id, revision=detector.revision, dtype=torch.float32
        )
        sam = Sam2Model.from_pretrained(
            segmenter.id, revision=segmenter.revision, dtype=torch.float32
        )
        self._dino, self._sam = dino.to(device).eval(), sam.to(device).eval()
        self._device = device
        self._config = config

    @property
    def name(self) -> str:
        """Return both names with their weights."""
        return f"grounding-dino:{self._sources[0]}+sam2:{self._sources[1]}"

    @property
    def licence(self) -> str:
        """Both terms hold."""
        return f"({self._sources[0].licence}) AND ({self._sources[1].licence})"

    @torch.no_grad()
    def detect(
        self, frames: UInt8[np.ndarray, "t h w 3"], vocabulary: tuple[str, ...]
    ) -> tuple[FrameDetections, ...]:
        """Find, segment and track the things of a vocabulary.

        Raises:
            ValueError: A word is empty, repeated or contains a dot, which separates words.
        """
        prompts = self._prompts(vocabulary)
        boxes = [self._boxes(frame, prompts) for frame in frames]
        masks = [self._masks(frame, b.boxes) for frame, b in zip(frames, boxes, strict=True)]
        kept = [m.sum(axis=(1, 2)) >= self._config.least_pixels for m in masks]
        found = [
            Found(tuple(np.array(b.labels, dtype=object)[keep]), m[keep])
            for b, m, keep in zip(boxes, masks, kept, strict=True)
        ]
        tracks = link(frames, found, self._config.tracking)
        return tuple(
            FrameDetections(
                boxes=b.boxes[keep],
                scores=b.scores[keep],
                labels=f.labels,
                masks=f.masks,
                track_ids=ids,
            )
            for b, f, keep, ids in zip(boxes, found, kept, tracks, strict=True)
        )

    def _prompts(self, vocabulary: tuple[str, ...]) -> list[Prompt]:
        """Split a vocabulary into prompts that the text encoder reads whole."""
        longest = self._dino.config.max_text_len
        prompts: list[Prompt] = []
        for word in check_vocabulary(vocabulary):
            words = (*prompts[-1].words, word) if prompts else (word,)
            longer = Prompt(prompt_text(words), words)
            if prompts and len(self._tokenizer(longer.text).input_ids) <= longest:
                prompts[-1] = longer
            else:
                prompts.append(Prompt(prompt_text((word,)), (word,)))
        return prompts

    def _boxes(self, frame: UInt8[np.ndarray, "h w 3"], prompts: Sequence[Prompt]) -> _Boxes:
        """Return the best boxes of all prompts, each with its best word."""
        height, width = frame.shape[:2]
        inputs = self._processor(images=[frame], return_tensors="pt").to(self._device)
        boxes, scores, labels = [np.zeros((0, 4))], [np.zeros(0)], []
        for prompt in prompts:
            tokens = self._tokenizer(prompt.text, return_tensors="pt").to(self._device)
            output = self._dino(**inputs, **tokens)
            by_word = word_scores(
                output.logits[0].sigmoid(), self._spans(tokens["input_ids"][0], prompt)
            )
            score, best = by_word.max(dim=1)
            keep = score >= self._config.least_score
            center, size = output.pred_boxes[0][keep].double().split(2, dim=1)
            corners = torch.cat([center - size / 2, center + size / 2], dim=1).clamp(0.0, 1.0)
            boxes.append(corners.cpu().numpy() * [width, height, width, height])
            scores.append(score[keep].double().cpu().numpy())
            labels += [prompt.words[i] for i in best[keep].tolist()]
        joined = _Boxes(np.concatenate(boxes), np.concatenate(scores), tuple(labels))
        order = distinct(joined.boxes, joined.scores, self._config.most_overlap)
        return _Boxes(
            joined.boxes[order], joined.scores[order], tuple(joined.labels[i] for i in order)
        )

    def _spans(self, token_ids: Tensor, prompt: Prompt) -> list[list[int]]:
        """Return the positions of each word's tokens, without its article."""
        dot = self._tokenizer.convert_tokens_to_ids(".")
        articles = set(self._tokenizer.convert_tokens_to_ids(["a", "an"]))
        spans: list[list[int]] = [[]]
        for position, token in enumerate(token_ids.tolist()):
            if token == dot:
                spans.append([])
            elif token not in self._tokenizer.all_special_ids and not (
                token in articles and not spans[-1]
            ):
                spans[-1].append(position)
        spans = [span for span in spans if span]
        if len(spans) != len(prompt.words):
            raise ValueError(
                f"reading the prompt {prompt.text!r}: the tokenizer knows {len(spans)} of its "
                f"{len(prompt.words)} words; use words without dots that it can spell."
            )
        return spans

    def _masks(
        self, frame: UInt8[np.ndarray, "h w 3"], boxes: Float64[np.ndarray, "n 4"]
    ) -> Bool[np.ndarray, "n h w"]:
        """Segment the thing in each box."""
        height, width = frame.shape[:2]
        if not len(boxes):
            return np.zeros((0, height, width), dtype=np.bool_)
        side = self._sam.config.prompt_encoder_config.image_size
        image = torch.from_numpy(np.ascontiguousarray(frame)).permute(2, 0, 1).float() / 255.0
        square = torch.nn.functional.interpolate(
            image[None], size=(side, side), mode="bilinear", align_corners=False, antialias=True
        )
        prompts = torch.from_numpy(boxes * np.tile([side / width, side / height], 2)).float()
        output = self._sam(
            pixel_values=((square - _MEAN) / _STD).to(self._device),
            input_boxes=prompts[None].to(self._device),
            multimask_output=False,
        )
        logits = torch.nn.functional.interpolate(
            output.pred_masks[0].float(),
            size=(height, width),
            mode="bilinear",
            align_corners=False,
        )
        return (logits[:, 0] > 0).cpu().numpy()


def prompt_text(words: Sequence[str]) -> str:
    """Return words as Grounding DINO was trained to read them: ``"a chair. an armchair."``."""
    return " ".join(f"{'an' if w[0].lower() in _VOWELS else 'a'} {w.lower()}." for w in words)


def word_scores(
    token_scores: Float64[Tensor, "q k"] | Tensor, spans: Sequence[Sequence[int]]
) -> Tensor:
    """Return the score of each word for each box: the mean over the word's tokens."""
    return torch.stack([token_scores[:, list(span)].mean(dim=1) for span in spans], dim=1)


def distinct(
    boxes: Float64[np.ndarray, "n 4"], scores: Float64[np.ndarray, " n"], most_overlap: float
) -> list[int]:
    """Return the boxes that no better one covers, best first (greedy non-maximum suppression)."""
    area = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    kept: list[int] = []
    for i in np.argsort(-scores, kind="stable").tolist():
        low = np.maximum(boxes[kept, :2], boxes[i, :2])
        high = np.minimum(boxes[kept, 2:], boxes[i, 2:])
        shared = np.maximum(high - low, 0.0).prod(axis=1)
        joint = np.maximum(area[kept] + area[i] - shared, 1e-12)
        if not (shared / joint > most_overlap).any():
            kept.append(i)
    return kept


def check_vocabulary(vocabulary: tuple[str, ...]) -> tuple[str, ...]:
    """Return a vocabulary the detector can be asked for.

    Raises:
        ValueError: It is empty, or a word is empty, repeated or contains a dot.
    """
    bad = [w for w in vocabulary if not w.strip() or "." in w]
    if bad or not vocabulary or len(set(vocabulary)) != len(vocabulary):
        raise ValueError(
            "detecting objects needs a vocabulary of different words without dots, got "
            f"{vocabulary}."
        )
    return vocabulary
