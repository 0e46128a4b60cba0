"""What a command is doing, told to whoever listens: a line on a terminal, a stop-watch. Nothing that is decided depends on it.

Who does the work says `begin(Step.DECIDING)`; the step before it ends there. With no listener that costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum
from typing import Protocol


class Step(Enum):
    """The steps in plain words, as a person reads them; `{}` stands for what the step is about (a table)."""

    POLICY = "reading the policy"
    STARTING = "starting the engine"
    READING = "reading {}"
    CHECKING = "checking the rows"
    GATHERING = "gathering what is known of each client"
    DECIDING = "deciding, sorting and writing"
    COPYING = "writing copies"
    DIGEST = "taking the digest"
    RESULTS = "figures, limits and guarantees"
    COUNTING = "counting the decisions"
    PUBLISHING = "publishing the run folder"
    MEASURING = "measuring the cost of {}"
    TESTING = "running the cases of {}"
    PLANTING = "looking for faults that no case notices"
    COMPARING = "comparing the policies"
    CAUSES = "trying which change moves whom, {}"
    PORTFOLIO = "calculating the portfolio"
    AUDITING = "comparing the groups"
    WITHOUT = "deciding without each rule, {}"
    LETTERS = "writing letters, {}"
    AGAIN = "deciding again on the other terms"


class Listener(Protocol):
    """Is told of steps, and of the engine that works on them; `percent()` gives how far its statement is (below 0: not known)."""

    wants_percent: bool

    def begin(self, step: Step, about: str) -> None: ...

    def attach(self, percent: Callable[[], float]) -> None: ...

    def detach(self, percent: Callable[[], float]) -> None: ...


_listeners: ContextVar[tuple[Listener, ...]] = ContextVar("listeners", default=())
_whole: ContextVar[bool] = ContextVar("whole", default=False)


def words(step: Step, about: str = "") -> str:
    return step.value.replace("{}", about)


def begin(step: Step, about: str = "") -> None:
    """The step begins; nothing within a step that counts as a whole is told."""
    if _whole.get():
        return
    for listener in _listeners.get():
        listener.begin(step, about)


def percent_wanted() -> bool:
    """Whether somebody wants to know how far a statement is: the engine keeps count only where it is told to."""
    return not _whole.get() and any(listener.wants_percent for listener in _listeners.get())


@contextmanager
def as_a_whole(step: Step, about: str = "") -> Iterator[None]:
    """A step of many quick statements: they are not told of, nor how far each of them is."""
    begin(step, about)
    token = _whole.set(True)
    try:
        yield
    finally:
        _whole.reset(token)


@contextmanager
def told_to(listener: Listener) -> Iterator[None]:
    """Tells the listener of every step within."""
    token = _listeners.set((*_listeners.get(), listener))
    try:
        yield
    finally:
        _listeners.reset(token)


@contextmanager
def working(percent: Callable[[], float]) -> Iterator[None]:
    """While an engine is open: who listens may ask it how far it is, and no longer."""
    listeners = _listeners.get()
    for listener in listeners:
        listener.attach(percent)
    try:
        yield
    finally:
        for listener in listeners:
            listener.detach(percent)
