"""A report's numbers in, the page's view out: every section made, or the word for what it lacks."""

from __future__ import annotations

import base64
import hashlib

from ...model.report import Report
from ...model.speaker import Speaker
from .changes import Changes
from .clients import Clients
from .curves import curve_view, matrix_view, overlap_view
from .missing import Missing
from .outcomes import Outcomes
from .view import PageView
from .voice import Voice


def page_view(data: Report, speaker: Speaker, style: str, script: str) -> PageView:
    """The whole page in the speaker's language, with its style and script (which its content policy lets it load, and nothing else)."""
    voice = Voice(speaker, dict(data.titles))
    clients = Clients(data, voice)
    outcomes = Outcomes(data, voice)
    what_if = outcomes.what_if()
    why = {name: absent.why for name, absent in data.absent}
    why.setdefault("what_if", "nobody")
    return PageView(
        language=speaker.language,
        head=clients.head(),
        decisions=clients.decisions(),
        who=clients.who(),
        whale=None if data.whale is None else curve_view(data.whale, voice, whale=True),
        pareto=None if data.pareto_money is None else curve_view(data.pareto_money, voice, whale=False),
        burden=None if data.pareto_burden is None else curve_view(data.pareto_burden, voice, whale=False),
        overlap=None if data.overlap is None else overlap_view(data.overlap, voice),
        matrix=None if data.matrix is None else matrix_view(data.matrix, data, voice),
        divisions=tuple(map(clients.division, data.segments)),
        divisions_assumed=data.segments_assumed,
        undetermined=Missing(data, voice, clients).view(),
        promises=outcomes.promises(),
        fairness=outcomes.fairness(),
        changes=Changes(data, voice, clients).view(),
        allocations=tuple(map(outcomes.allocation, data.whole.allocations)),
        what_if=what_if,
        why=why,
        detail={name: speaker.clean(absent.detail) for name, absent in data.absent},
        sorts=tuple((clients.sort(name), voice.title(name)) for name, _ in data.decisions),
        style=style,
        script=script,
        policy_for_content="default-src 'none'; base-uri 'none'; form-action 'none'; "
        f"style-src {hashed(style)}; script-src {hashed(script)}",
    )


def hashed(text: str) -> str:
    """What a content policy calls a style or a script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
