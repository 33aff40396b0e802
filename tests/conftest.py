"""Depth of the random tests: quick at the desk, deep in CI (`ASNMERIT_TEST_PROFILE=deep`)."""

import os

import pytest
from hypothesis import HealthCheck, settings

collect_ignore_glob = ["cases/notebooks/*"]
"""What holds of a notebook is said in its own names: test_notebooks.py runs it in the notebook's kernel."""

SLOW_BY_NATURE = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]

settings.register_profile("quick", max_examples=60, deadline=None, suppress_health_check=SLOW_BY_NATURE)
# A rounding that went wrong in one engine was missed by 400 random expressions and found by 1,500.
settings.register_profile("deep", max_examples=1500, deadline=None, suppress_health_check=SLOW_BY_NATURE)
settings.load_profile(os.environ.get("ASNMERIT_TEST_PROFILE", "quick"))


@pytest.fixture(autouse=True)
def proofs_stand(request):
    """In CI whatever a test has had proved is then attacked, unless its module says `ATTACKS_ITSELF`."""
    if os.environ.get("ASNMERIT_TEST_PROFILE") != "deep" or getattr(request.module, "ATTACKS_ITSELF", False):
        yield
        return
    # Here, because desks without NumPy run the quick tests.
    from support.attacking import overheard, refuse_refuted

    with overheard() as heard:
        yield
    refuse_refuted(heard)
