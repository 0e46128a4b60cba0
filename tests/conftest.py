"""How hard Hypothesis tries: the same examples on every run by default; many more, and new ones, with HYPOTHESIS_PROFILE=ci."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

# Their asserts say what differs, as those in a test's own file do.
pytest.register_assert_rewrite("tests.engines")

_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
settings.register_profile("default", max_examples=100, deadline=None, derandomize=True, suppress_health_check=_SLOW, database=None)
settings.register_profile("ci", max_examples=1500, deadline=None, print_blob=True, suppress_health_check=_SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
