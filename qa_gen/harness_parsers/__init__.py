"""The three published ways of reading replies to VSI-Bench. They disagree; name the one you use.

On the same strings (VSI-Bench | lmms-eval | VLMEvalKit):

====================================  ====  ====  ====
``about 3 meters``                    --    3     3
``three``                             --    3     3
``2 or 3``                            2     2     3
``3-4``                               --    3     -4
``1,200``                             --    1     200
``between 2 and 4 meters``            --    2     4
``Answer: 3.5 (in 2 rooms)``          --    3.5   2
``(B)``, ``The answer is B``          --    --    B
``**B**``, ``<answer>B</answer>``     --    --    B
====================================  ====  ====  ====

So train on the bare letter or number: all three read that alike.
"""

from collections.abc import Mapping
from typing import Final, Literal

from qa_gen.harness_parsers import lmms_eval, official_vsi, vlmevalkit
from qa_gen.harness_parsers.official_vsi import official_token
from qa_gen.harness_parsers.parser import HarnessParser

__all__ = ["PARSERS", "HarnessParser", "ParserName", "official_token"]

ParserName = Literal["vsi", "lmms-eval", "vlmevalkit"]

PARSERS: Final[Mapping[ParserName, HarnessParser]] = {
    "vsi": official_vsi.PARSER,
    "lmms-eval": lmms_eval.PARSER,
    "vlmevalkit": vlmevalkit.PARSER,
}
