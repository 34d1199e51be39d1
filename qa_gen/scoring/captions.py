"""BLEU, ROUGE-L, CIDEr and METEOR of free-text answers, through pycocoevalcap.

All four are computed over a whole corpus. **CIDEr must never be averaged over parts of one**: it
weighs words by how many questions of the corpus use them, so parts give other numbers.

pycocoevalcap is an extra of this project (``captions``) and is imported when it is used.
"""

import shutil
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

Tokens = Literal["as_written", "ptb"]
_NO_JAVA: Final = "needs Java, and there is no 'java' on the path; install a Java runtime"


class CaptionScores(NamedTuple):
    """Scores of a corpus.

    Attributes:
        bleu: BLEU-1 to BLEU-4, in [0, 1].
        rouge_l: In [0, 1].
        cider: In [0, 10]; papers on ScanQA print it times 100.
        meteor: In [0, 1]; ``None`` where it was not asked for.
    """

    bleu: tuple[float, float, float, float]
    rouge_l: float
    cider: float
    meteor: float | None


def caption_scores(
    replies: Mapping[str, str],
    accepted: Mapping[str, Sequence[str]],
    *,
    tokens: Tokens = "as_written",
    meteor: bool = False,
) -> CaptionScores:
    """Score the replies to a whole corpus of questions.

    Args:
        replies: By question.
        accepted: The accepted answers of the same questions.
        tokens: ``"as_written"``: words are what stands between spaces, and full stops at the end
            of a reply are cut, as the ScanQA scripts of Video-3D-LLM, LLaVA-3D and VEGA-3D do.
            ``"ptb"``: lower case, Penn Treebank words without punctuation, as ScanQA's own
            evaluation does; needs Java.
        meteor: Also compute METEOR, which needs Java and takes seconds.

    Raises:
        ImportError: pycocoevalcap is not installed.
        ValueError: Replies and answers are of different questions, there are none, or Java is
            needed and missing.
    """
    _check(replies, accepted)
    if (meteor or tokens == "ptb") and shutil.which("java") is None:
        raise ValueError(f"{'METEOR' if meteor else 'Penn Treebank tokens'} {_NO_JAVA}.")
    bleu, cider, rouge = _scorers()
    said = {key: [reply.rstrip(".")] for key, reply in replies.items()}
    wanted = {key: list(accepted[key]) for key in replies}
    if tokens == "ptb":
        said, wanted = _ptb(said), _ptb(wanted)
    one, two, three, four = bleu.compute_score(wanted, said, verbose=0)[0]
    return CaptionScores(
        bleu=(float(one), float(two), float(three), float(four)),
        rouge_l=float(rouge.compute_score(wanted, said)[0]),
        cider=float(cider.compute_score(wanted, said)[0]),
        meteor=_meteor(wanted, said) if meteor else None,
    )


def _check(replies: Mapping[str, str], accepted: Mapping[str, Sequence[str]]) -> None:
    if not replies:
        raise ValueError("scoring captions: there are no replies.")
    if replies.keys() != accepted.keys():
        odd = sorted(replies.keys() ^ accepted.keys())
        raise ValueError(
            "scoring captions: replies and answers must be of the same questions, but "
            f"{len(odd)} have only one of the two, e.g. {odd[0]!r}."
        )
    bare = sorted(key for key, texts in accepted.items() if not texts)
    if bare:
        raise ValueError(f"scoring captions: question {bare[0]!r} has no accepted answer.")


def _scorers() -> tuple[Any, Any, Any]:
    try:
        from pycocoevalcap.bleu.bleu import Bleu
        from pycocoevalcap.cider.cider import Cider
        from pycocoevalcap.rouge.rouge import Rouge
    except ImportError as error:
        raise ImportError(
            "scoring captions needs pycocoevalcap, which is not installed: "
            "pip install 'vega3d-toolkit[captions]'"
        ) from error
    return Bleu(4), Cider(), Rouge()


def _ptb(texts: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    from pycocoevalcap.tokenizer.ptbtokenizer import PTBTokenizer

    shaped = {key: [{"caption": text} for text in group] for key, group in texts.items()}
    tokenized: dict[str, list[str]] = PTBTokenizer().tokenize(shaped)
    return tokenized


def _meteor(wanted: Mapping[str, list[str]], said: Mapping[str, list[str]]) -> float:
    from pycocoevalcap.meteor.meteor import Meteor

    scorer = Meteor()
    try:
        return float(scorer.compute_score(wanted, said)[0])
    finally:
        # It closes only one of its three pipes.
        scorer.meteor_p.kill()
        scorer.meteor_p.wait()
        scorer.meteor_p.stdout.close()
        scorer.meteor_p.stderr.close()
