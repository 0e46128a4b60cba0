"""Data sets that are not shipped: tests that use them run where the files are, and say why they do not run elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_CHECKOUT = Path(__file__).resolve().parent.parent


def real_file(name: str) -> Path:
    """The file in the folder that SELECTIVE_SALES_REAL_DATA names, or in a folder `data` near the checkout; skips the test without it."""
    named = os.environ.get("SELECTIVE_SALES_REAL_DATA")
    places = [Path(named)] if named else [_CHECKOUT / "data", *sorted(_CHECKOUT.parent.glob("*/data"))]
    for place in places:
        if (place / name).is_file():
            return place / name
    pytest.skip(f"the data set {name} is not shipped and not here; SELECTIVE_SALES_REAL_DATA can name its folder")
