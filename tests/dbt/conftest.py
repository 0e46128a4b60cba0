"""A server of its own for all tests of a worker: what dbt builds stays in it."""

from __future__ import annotations

from tests.postgres.server import postgres as postgres
