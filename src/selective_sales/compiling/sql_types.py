"""The SQL type in which values of a kind stand in every table and column."""

from __future__ import annotations

from ..model.kind import Kind

SQL_TYPES = {
    Kind.MONEY: "DECIMAL(18, 4)",
    Kind.NUMBER: "DOUBLE",
    Kind.INTEGER: "BIGINT",
    Kind.TEXT: "VARCHAR",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.DATE: "DATE",
    Kind.DAYS: "BIGINT",
    Kind.MONTHS: "BIGINT",
}
