"""A model in, the macros that it and its tests call out. All begin with the model's name: nothing of a project is called the same.

Of the policy's words only its id comes in, made a name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .contract_checks import as_text, untidy
from .dbt_model import DbtModel
from .dialect import Dialect

AS_OF = """\
{#- The as-of date: var('SLUG_as_of'), else var('as_of'), else DEFAULT. Between FIRST and LAST
    all that the policy dates is as in this text; for another date compile the policy again. -#}
{% macro SLUG_as_of() -%}
  {%- set given = var('SLUG_as_of', var('as_of', none)) -%}
  {%- set day = (given if given is not none else FALLBACK) | string -%}
  {%- if execute and (not modules.re.fullmatch('[0-9]{4}-[0-9]{2}-[0-9]{2}', day) or day < 'FIRST' or day > 'LAST') -%}
    {%- set told = "POLICY: the as-of date is a day from FIRST to LAST, not " ~ day -%}
    {{- exceptions.raise_compiler_error(told ~ "; for another date compile the policy again") -}}
  {%- endif -%}
  {{- day -}}
{%- endmacro %}
"""
FUNCTIONS = """\
{#- What the model's SELECT calls. -#}
{% macro SLUG_functions() -%}
BODY
{%- endmacro %}
"""
TESTS = """\
{#- Rows that fulfil a condition. -#}
{% test SLUG_never(model, condition, column_name=none) %}
select *
from {{ model }}
where {{ condition }}
{% endtest %}

{#- Texts with spaces around them, not in the normal form NFC, empty, or one of the words for a blank. -#}
{% test SLUG_text(model, column_name, blanks=[]) %}
select *
from {{ model }}
where COLUMN in ({{ (["''"] + blanks) | join(', ') }})
   or UNTIDY
{% endtest %}

{#- Values that columns together have more than once. -#}
{% test SLUG_once(model, columns) %}
select {{ columns | join(', ') }}, count(*) as number_of_rows
from {{ model }}
where true
  {%- for column in columns %}
  and {{ column }} is not null
  {%- endfor %}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}

{#- Rows whose client is not among the clients. -#}
{% test SLUG_belongs(model, columns, clients, their, column_name=none) %}
select child.*
from {{ model }} as child
where true
  {%- for column in columns %}
  and child.{{ column }} is not null
  {%- endfor %}
  and not exists (
    select 1
    from {{ clients }} as client
    where true
      {%- for column in columns %}
      and child.{{ column }} = client.{{ their[loop.index0] }}
      {%- endfor %}
  )
{% endtest %}

{#- The newest date, where it is too old or there is none. -#}
{% test SLUG_fresh(model, date, days) %}
select max({{ date }}) as newest
from {{ model }}
having max({{ date }}) is null or cast(max({{ date }}) as DATE) < DATE '{{ SLUG_as_of() }}' - {{ days }}
{% endtest %}

{#- Clients that are not decided once, and decisions about nobody. -#}
{% test SLUG_every_client(model, columns, types, clients) %}
select {{ columns | join(', ') }}, sum(given) as given, sum(decided) as decided
from (
  select
    {%- for column in columns %}
    cast({{ column }} as {{ types[loop.index0] }}) as {{ column }},
    {%- endfor %}
    1 as given, 0 as decided
  from {{ clients }}
  union all
  select {{ columns | join(', ') }}, 0 as given, 1 as decided from {{ model }}
) as clients
group by {{ columns | join(', ') }}
having sum(given) <> 1 or sum(decided) <> 1
{% endtest %}
"""


def macros(model: DbtModel, slug: str, policy: str, default: str | None, dialect: Dialect) -> str:
    """The macros file. `default`: the as-of date where nobody gives one; None: the day of the run."""
    words = {
        "FALLBACK": f"'{default}'" if default else "run_started_at.strftime('%Y-%m-%d')",
        "DEFAULT": default or "the day of the run (in UTC)",
        "FIRST": model.first.isoformat(),
        "LAST": model.last.isoformat(),
        "POLICY": policy,
    }
    column = as_text("{{ column_name }}")
    tests = replaced(TESTS, slug, {"UNTIDY": untidy(column, dialect), "COLUMN": column})
    return "\n".join((replaced(AS_OF, slug, words), functions(model.functions, slug), tests))


def functions(statements: Sequence[str], slug: str) -> str:
    body = "\n".join(f"{statement.rstrip().removesuffix(';')};" for statement in statements)
    return FUNCTIONS.replace("SLUG", slug).replace("BODY", body)


def replaced(text: str, slug: str, words: Mapping[str, str]) -> str:
    for word, value in (*words.items(), ("SLUG", slug)):
        text = text.replace(word, value)
    return text
