"""CheckedPolicy in, the files of a dbt project out: the model, its properties with the contract's tests, its macros, what to do with them.

Everything is called after the policy, so that the files can stand in any project. A policy's text reaches dbt as text only.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping

from ..model.checked import CheckedPolicy
from ..model.sql import quote_value
from .dbt_macros import macros
from .dbt_model import DIALECTS, DbtModel, dbt_model
from .dbt_properties import properties
from .dbt_readme import readme
from .dbt_yaml import Value, yaml_text
from .decide import comment

OLDEST = ">=1.10.5"
"""The first dbt whose tests take `arguments`."""
SEAL = "sha256 of the rest: "
_COMMENTS = {".sql": ("{#- ", " -#}"), ".yml": ("# ", ""), ".md": ("<!-- ", " -->")}


def dbt_files(
    checked: CheckedPolicy, as_of: datetime.date | None, today: datetime.date, dialect: str, schema: str | None
) -> Mapping[str, str]:
    """The files by their paths. Without an as-of date each run of dbt decides as of its own day."""
    slug = dbt_name(checked.policy.id)
    model = dbt_model(checked, as_of or today, dialect, slug, schema)
    default = as_of.isoformat() if as_of is not None else None
    texts = {
        "dbt_project.yml": yaml_text(project(slug)),
        "README.md": readme(checked.policy, slug, model, default, dialect, schema),
        f"models/{slug}.sql": model_text(model, slug, schema),
        f"models/{slug}.yml": yaml_text(properties(checked, slug, DIALECTS[dialect])),
        f"macros/{slug}.sql": macros(model, slug, checked.policy.id, default, DIALECTS[dialect]),
    }
    return {path: sealed(path, text, checked) for path, text in texts.items()}


def dbt_name(policy_id: str) -> str:
    """What dbt calls the policy."""
    name = policy_id.replace("-", "_")
    return name if name[0].isalpha() else f"policy_{name}"


def project(slug: str) -> Mapping[str, Value]:
    return {
        "name": slug,
        "config-version": 2,
        "profile": slug,
        "require-dbt-version": OLDEST,
        "flags": {"send_anonymous_usage_stats": False},
    }


def model_text(model: DbtModel, slug: str, schema: str | None) -> str:
    """A view would not find functions that end with the session."""
    kind = "'table'" if schema is None else f"var('{slug}_materialized', 'table')"
    return f"""{{{{ config(materialized={kind}, pre_hook="{{{{ {slug}_functions() }}}}") }}}}\n\n{model.select}\n"""


def sealed(path: str, text: str, checked: CheckedPolicy) -> str:
    """With a first line that says where the file comes from, and by which an edited file can be told."""
    begin, end = _COMMENTS[path[path.rindex(".") :]]
    policy = checked.policy
    told = comment(f"Written by selective-sales from the policy {policy.id}, version {quote_value(policy.version)}; do not edit it")
    return f"{begin}{told.replace('#}', '# }').replace('-->', '-- >')}; {SEAL}{seal(text)}{end}\n{text}"


def seal(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def written_for(first_line: str, policy: str) -> bool:
    """A file that says in its first line that it was written from this policy."""
    return f"from the policy {policy}, version" in first_line and SEAL in first_line


def untouched(text: str, policy: str) -> bool:
    """A file that was written from this policy and that nobody has changed since; a version control may have changed its line ends."""
    first, _, rest = text.replace("\r\n", "\n").partition("\n")
    return written_for(first, policy) and f"{SEAL}{seal(rest)}" in first
