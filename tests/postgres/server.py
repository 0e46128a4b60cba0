"""A PostgreSQL server of the tests' own: started on a socket in a folder, stopped at the end. A session's tables are temporary.

Without the server's programs the tests skip, and fail where REQUIRE_REAL says that they must run.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

USER = "postgres"


def programs() -> Path | None:
    """The folder of `initdb` and `postgres`: the newest of Debian's, or wherever the path finds one."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True)
    found = shutil.which("initdb")
    folders = [*versions, *([Path(found).resolve().parent] if found else [])]
    return next((folder for folder in folders if (folder / "initdb").is_file() and (folder / "postgres").is_file()), None)


def as_nobody_special(command: list[str]) -> list[str]:
    """The server refuses to run as root: there it runs as the user that its package made."""
    if os.geteuid() != 0:
        return command
    return ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", *command]


@contextlib.contextmanager
def started() -> Iterator[str]:
    """A running server's connection string."""
    folder = programs()
    if folder is None:
        assert not os.environ.get("REQUIRE_REAL"), "PostgreSQL's server is not installed, and the tests must run"
        pytest.skip("PostgreSQL's server is not installed")
    # A socket's path has to be short: not below the tests' own folders.
    place = Path(tempfile.mkdtemp(prefix="pg"))
    if os.geteuid() == 0:
        shutil.chown(place, USER, USER)
    data = place / "data"
    settings = f"-k {place} -c listen_addresses='' -c fsync=off -c jit=off"
    try:
        # Its texts are in the Polish order, which is not the language's: nothing may rest on the locale.
        locale = ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=pl-PL"]
        make = [str(folder / "initdb"), "-D", str(data), "-E", "UTF8", *locale, "-A", "trust", "-U", USER]
        subprocess.run(as_nobody_special(make), check=True, capture_output=True, cwd=place)
        control = [str(folder / "pg_ctl"), "-D", str(data), "-w"]
        begin = [*control, "-o", settings, "-l", str(place / "log"), "start"]
        subprocess.run(as_nobody_special(begin), check=True, stdout=subprocess.DEVNULL, cwd=place)
        try:
            yield f"host={place} user={USER} dbname=postgres"
        finally:
            subprocess.run(as_nobody_special([*control, "-m", "immediate", "stop"]), check=True, capture_output=True, cwd=place)
    finally:
        shutil.rmtree(place)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A folder of tests that needs a server takes this fixture into its conftest.py, and has a server for itself."""
    with started() as address:
        yield address
