"""What goes to a PostgreSQL server's driver and comes back from it, as text: an address with an end to waiting, and errors in one line."""

from __future__ import annotations

import os
import re

SECONDS = "10"
"""How long a server may take to answer at all."""
_USER = re.compile(r"\b((?:for user|role|user)) \"[^\"]*\"")


def with_limits(url: str) -> str:
    """The address, with an end to waiting where the caller set none."""
    if "connect_timeout" in url or "PGCONNECT_TIMEOUT" in os.environ:
        return url
    return f"{url}{'&' if '?' in url else '?'}connect_timeout={SECONDS}"


def reason(text: str) -> str:
    """What the driver says, on one line, without the user's name and the query."""
    known = re.search(r"(?:FATAL|ERROR): +([^\n]+)", text) or re.search(r"(?:failed|connect): ([^\n]+)", text)
    line = known[1] if known else text.strip().partition("\n")[0]
    return _USER.sub(r"\1", line).partition(". SQLSTATE")[0]


def advice(text: str) -> str:
    """What to do about what the driver says."""
    if "password" in text or "authentication" in text or "role" in text:
        return "Give PGUSER and PGPASSWORD in the environment, or use ~/.pgpass or a service file"
    if "permission denied" in text:
        return "Ask for the right to SELECT from it"
    return "Check the host, the port and the name of the database, and whether the server runs"
