"""A policy and its model in, the words that say what to do with the files out."""

from __future__ import annotations

from ..model.policy import Policy, Table
from .dbt_model import FAR, DbtModel

TEXT = """\
# The policy POLICY_ID for dbt

| file | what it is |
|---|---|
| `models/SLUG.sql` | the model: a row per client with its decision and why |
| `models/SLUG.yml` | the sources with the data contract as tests, and the model's columns |
| `macros/SLUG.sql` | the as-of date, the functions of the model, the tests that dbt does not have |
| `dbt_project.yml` | makes this folder a dbt project and a package |

## Take it over

As a package of your project, which keeps the files as they are (`packages.yml`):

```yaml
packages:
  - local: path/to/this/folder
```

Or copy `models/` and `macros/` into your project, or have them written there: `selective-sales compile ... --to YOUR_PROJECT`. All names
begin with `SLUG`. Then `dbt build --select +SLUG` tests the sources, builds the table and tests it.

To run this folder by itself, give it a profile called `SLUG`.

## What it reads

TABLES

They stand in the schema of your target; elsewhere with `vars: {SLUG_schema: NAME}` in your `dbt_project.yml`.

What the policy says of a blank (`missing:`) the model fills in. Texts have to be trimmed, and blanks to be NULL: tests tell where they are
not. Amounts are rounded to four decimal places; numbers have at most nine.

## The date

DATE

HOLDS

```sh
dbt build --select +SLUG --vars 'SLUG_as_of: YYYY-MM-DD'
```

## What is different from `selective-sales evaluate`

A breach of the contract makes a test fail; it sets no row aside. Exceptions, figures, limits, guarantees and the fairness audit are not
part of the model.HISTORY

FUNCTIONS
"""
ANY_DAY = "The policy has nothing that is dated: the model holds for any as-of date."
DATED = """\
The model holds for as-of dates from {} to {}, between which all that the policy dates is the same. For another
date it stops, and the policy has to be compiled again."""
IN_SESSION = (
    "The model's functions are made before it is built and end with the session, so it has to be a table: a view would not find them."
)
IN_SCHEMA = """\
The model's functions are put into the schema `SCHEMA` before it is built; so with `SLUG_materialized: view` among the variables it may be a
view, whose as-of date stays that of its last build."""


def readme(policy: Policy, slug: str, model: DbtModel, default: str | None, dialect: str, schema: str | None) -> str:
    date = (
        f"As of {default}, unless `SLUG_as_of` (or `as_of`) says another day."
        if default
        else "Each run decides as of its own day (in UTC), unless `SLUG_as_of` (or `as_of`) says another."
    )
    history = " The table `history` is yours to keep: the decisions of earlier runs." if policy.table("history") is not None else ""
    functions = IN_SESSION if schema is None else IN_SCHEMA.replace("SCHEMA", schema.replace("`", "'"))
    words = {
        "TABLES": "\n".join(table_line(table) for table in policy.tables),
        "DATE": date,
        "HOLDS": ANY_DAY if (model.first, model.last) == FAR else DATED.format(model.first, model.last),
        "HISTORY": history,
        "FUNCTIONS": functions,
        "POLICY_ID": policy.id,
        "SLUG": slug,
    }
    text = TEXT
    for word, value in words.items():
        text = text.replace(word, value)
    return text


def table_line(table: Table) -> str:
    fields = ", ".join(f"`{f.name}`" for f in table.fields if f.calculation is None)
    return f"- `{table.name}`: {fields}"
