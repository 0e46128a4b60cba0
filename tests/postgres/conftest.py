"""One server for all tests of a worker."""

from __future__ import annotations

from tests.postgres.server import postgres as postgres
