import pytest

from fusion_model.noise_level import official_noise_level


@pytest.mark.parametrize(
    ("k", "timestep", "sigma"),
    [
        (0, 4, 0.004975),
        (300, 299, 0.299924),
        (500, 500, 0.500299),
        (700, 700, 0.700483),
        (900, 900, 0.900586),
        (1000, 999, 0.9996),
    ],
)
def test_noise_levels_are_the_ones_the_official_scheduler_picks(k, timestep, sigma):
    level = official_noise_level(k)
    assert level.timestep == timestep
    assert level.sigma == pytest.approx(sigma, abs=1e-6)


def test_a_timestep_off_the_scale_is_refused():
    with pytest.raises(ValueError, match="from 0 \\(clean\\) to 1000"):
        official_noise_level(1001)
