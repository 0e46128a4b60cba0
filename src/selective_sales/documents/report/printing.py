"""The report's own Jinja environment, and the page printed with it.

The templates are the program's; what they read are words and counts. An undefined name, a None or a number with decimals that would be
printed is a fault of a template, and raises.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.exceptions import TemplateRuntimeError
from jinja2.runtime import Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from ...model.report import Report
from ...model.speaker import Speaker
from .page import page_view
from .view import PageView
from .voice import OWN, Voice

LANGUAGES = tuple(OWN)
"""A template and words for each."""
MARK = "<!-- selective-sales report -->"
"""The second line of every report, by which a later one knows what it may replace."""


def print_report(data: Report, speaker: Speaker, templates: Path) -> bytes:
    """The whole file. `templates` is the folder of the program's templates."""
    style = (templates / "report" / "report.css").read_text(encoding="utf-8")
    script = (templates / "report" / "report.js").read_text(encoding="utf-8")
    view = page_view(data, speaker, style, script)
    made = environment(templates, speaker)
    context = {name: getattr(view, name) for name in PageView.__dataclass_fields__}
    context |= {"style": Markup(style), "script": Markup(script), "mark": Markup(MARK)}  # noqa: S704 -- files of the program itself
    return made.get_template(f"report.{speaker.language}.html.j2").render(context).encode("utf-8")


def environment(templates: Path, speaker: Speaker) -> ImmutableSandboxedEnvironment:
    """Everything that is printed is escaped."""
    made = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    voice = Voice(speaker, {})

    def number(value: int) -> str:
        return voice.number(value)

    def counted(value: int, *forms: str, people: bool = False) -> str:
        """`5 klientów`: the number and the form that goes with it."""
        return f"{voice.number(value)}\u00a0{plural(value, *forms, people=people)}"

    def plural(value: int, *forms: str, people: bool = False) -> str:
        return speaker.plural(value, forms, people=people)

    def first_upper(text: str) -> str:
        """As a heading begins; a name of the policy stays as it is written."""
        return text if "_" in text else text[:1].upper() + text[1:]

    def tidy(text: str) -> str:
        words = speaker.tidy(str(text))
        return Markup(words) if isinstance(text, Markup) else words  # noqa: S704 -- only spaces changed in what was safe before

    made.filters |= {"number": number, "counted": counted, "plural": plural, "tidy": tidy, "first_upper": first_upper, "listed": listed}
    return made


def listed(items: Sequence[str], separator: str = ", ") -> str:
    return separator.join(items)


def _printable(value: Any) -> Any:
    match value:
        case bool() | float() | None:
            raise TemplateRuntimeError(f"a report's template prints {value!r}")
        case Undefined() | Markup() | str() | int():
            return value
        case _:
            raise TemplateRuntimeError(f"a report's template prints a {type(value).__name__}")
