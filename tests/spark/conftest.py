"""One Spark session for all tests of a worker: it takes seconds to start, and gigabytes to run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from selective_sales.engines import spark_session
from tests.postgres.server import postgres as postgres

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MASTER = "local[2]"


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    """Without Java the tests skip, and fail where REQUIRE_REAL says that they must run."""
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        assert not os.environ.get("REQUIRE_REAL"), "Java is not installed, and the tests must run"
        pytest.skip("Java is not installed")
    with spark_session.session(MASTER, {"spark.sql.shuffle.partitions": "2", **spark_session.FEW_ROWS}, memory="2g") as session:
        yield session
