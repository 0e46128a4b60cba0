"""What the contract asks of an engine: to run a statement, and to give its rows. DuckDB's connection does, and so does Spark's."""

from __future__ import annotations

from typing import Any, Protocol


class Rows(Protocol):
    """The rows of a statement."""

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...

    def fetchmany(self, size: int = ..., /) -> list[Any]: ...


class Statements(Protocol):
    """Runs the statements of the contract."""

    def execute(self, query: str, /) -> Rows: ...


class UnreadableError(Exception):
    """Data that the engine cannot read to their end: the message says why, in one line. `line` where the engine knows it."""

    def __init__(
        self, message: str, code: str = "SS509", help_: str = "Write the file again, and check that it is complete", line: int = 0
    ) -> None:
        super().__init__(message)
        self.code, self.help, self.line = code, help_, line
