"""Projects of real policies, built by dbt once for all tests of a worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.postgres.server import started


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with started() as address:
        yield address
