import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from fusion_model.fusions import FUSIONS
from fusion_model.gated_fusion import AdaptiveGatedFusion

SEMANTIC = torch.tensor([[[1.0, 3.0]]])
GENERATIVE = torch.tensor([[[5.0, -5.0]]])


@torch.no_grad()
def test_a_quarter_gate_is_a_quarter_semantic():
    fused = AdaptiveGatedFusion(2, initial_semantic_share=0.25)(SEMANTIC, GENERATIVE)
    # 0.25 * 1 + 0.75 * 5 and 0.25 * 3 + 0.75 * -5
    torch.testing.assert_close(fused.tokens_BND, torch.tensor([[[4.0, -3.0]]]))
    torch.testing.assert_close(fused.semantic_share_BN1, torch.tensor([[[0.25]]]))


@torch.no_grad()
def test_the_code_of_branch_main_mixes_normalised_tokens():
    fused = AdaptiveGatedFusion(2, "main_ln", initial_semantic_share=0.25)(SEMANTIC, GENERATIVE)
    # LayerNorm of two channels is -1 and 1 in their order.
    torch.testing.assert_close(fused.tokens_BND, torch.tensor([[[0.5, -0.5]]]), atol=1e-4, rtol=0)


@torch.no_grad()
def test_the_residual_formula_starts_near_the_semantic_tokens():
    fused = AdaptiveGatedFusion(2, "sr_residual", initial_semantic_share=0.5)(SEMANTIC, GENERATIVE)
    torch.testing.assert_close(fused.semantic_share_BN1, torch.tensor([[[0.9]]]))


@given(share=st.floats(0.01, 0.99), formula=st.sampled_from(["paper_raw", "main_ln"]))
@torch.no_grad()
def test_fusing_a_branch_with_itself_changes_nothing_but_its_scale(share, formula):
    fusion = AdaptiveGatedFusion(2, formula, initial_semantic_share=share)
    fused = fusion(SEMANTIC, SEMANTIC)
    same = SEMANTIC if formula == "paper_raw" else fusion.norm_semantic(SEMANTIC)
    torch.testing.assert_close(fused.tokens_BND, same)


def test_every_token_has_its_own_gate_once_trained():
    fusion = AdaptiveGatedFusion(2)
    with torch.no_grad():
        fusion.gate_logit.weight.copy_(torch.tensor([[3.0, 0.0, 0.0, 0.0]]))
    semantic = torch.tensor([[[1.0, 3.0], [3.0, 1.0]]])
    share = fusion(semantic, semantic).semantic_share_BN1[0, :, 0]
    assert share[0] < 0.1 < 0.9 < share[1]


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_gate_that_cannot_learn_is_refused(share):
    with pytest.raises(ValueError, match="inside \\(0, 1\\)"):
        AdaptiveGatedFusion(2, initial_semantic_share=share)


def test_single_branches_pass_their_tokens_and_say_their_share():
    semantic = FUSIONS["semantic"].build(2, "paper_raw")(SEMANTIC, None)
    generative = FUSIONS["generative"].build(2, "paper_raw")(None, GENERATIVE)
    assert torch.equal(semantic.tokens_BND, SEMANTIC)
    assert torch.equal(generative.tokens_BND, GENERATIVE)
    assert semantic.semantic_share_BN1.item() == 1
    assert generative.semantic_share_BN1.item() == 0
