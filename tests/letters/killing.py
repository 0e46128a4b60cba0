"""Kills a batch of letters at random moments. The test does it with few letters; by hand, with as many as one likes:

python -m tests.letters.killing --letters 10000 --times 20
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from .world import entries, evaluated, is_whole, manifest, seen


@dataclass(slots=True)
class Killed:
    """What was seen: how often it was killed before its end, and how often while it wrote; what was not as it should be."""

    before_the_end: int = 0
    while_writing: int = 0
    wrong: list[str] | None = None


def clients(count: int, revenue: int) -> list[tuple[object, ...]]:
    """Clients whose letters differ with the revenue."""
    languages = ("pl", "en")
    return [
        (f"K-{n:06}", f"Klient Nr{n:06} Łąka", f"ul. Polna {n}", "00-001 Warszawa", languages[n % 2], revenue + n % 700, n % 60)
        for n in range(count)
    ]


def start(run: Path, out: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "selective_sales", "letters", str(run), "--out", str(out), "--date", "2026-11-26"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def finished(run: Path, out: Path) -> float:
    """Seconds that an undisturbed batch takes."""
    began = time.monotonic()
    process = start(run, out)
    _, errors = process.communicate()
    assert process.returncode == 0, errors.decode()
    return time.monotonic() - began


def kill_at_random(place: Path, count: int, times: int, seed: int = 20261126) -> Killed:
    """Half of the times a new batch is killed, half of the times one that is brought up to date with another run."""
    old, new = (evaluated(place, name, clients=clients(count, revenue)) for name, revenue in (("old", 400), ("new", 450)))
    expected = {}
    for run in (old, new):
        lasts = finished(run, place / f"{run.name}-undisturbed")
        expected[run.name] = {client: entry["sha256"] for client, entry in entries(place / f"{run.name}-undisturbed").items()}
    assert expected["old"] != expected["new"]
    chance, seen_so_far = random.Random(seed), Killed(wrong=[])
    for number in range(times):
        out = place / f"batch{number}"
        states = [] if number % 2 else ["old"]
        if states:
            finished(old, out)
        before = seen(out) if states else {}
        process = start(new, out)
        if number % 4 < 2:
            while not list(place.glob(f".{out.name}.renewing-*")) and process.poll() is None:
                time.sleep(0.001)
            time.sleep(chance.uniform(0, lasts * 0.8))
        else:
            time.sleep(chance.uniform(0, lasts * 1.05))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        seen_so_far.before_the_end += process.returncode == -signal.SIGKILL
        seen_so_far.while_writing += bool(list(place.glob(f".{out.name}.renewing-*")))
        problem = _problem(out, [*states, "new"], expected, before)
        finished(new, out)
        problem = problem or _problem(out, ["new"], expected, {})
        strangers = [path.name for path in place.glob(f".{out.name}.*")]
        if problem or strangers:
            assert seen_so_far.wrong is not None
            seen_so_far.wrong.append(f"moment {number}: {problem or strangers}")
    return seen_so_far


def _problem(out: Path, states: list[str], expected: dict[str, dict[str, str]], before: dict[str, tuple[bytes, int, int]]) -> str:
    """What is wrong with the folder: it must not be there yet, or be one of these batches, whole."""
    if not out.exists():
        return "" if states == ["new"] and not before else "the folder is gone"
    if not is_whole(out):
        return "the manifest does not describe what is there"
    letters = manifest(out)["letters"]
    found = {"|".join(letter["client"]): letter["sha256"] for letter in letters}
    if len(found) != len(letters):
        return "a letter is there twice"
    if found not in [expected[state] for state in states]:
        return "it is a mixture"
    if found == expected["old"] and before and seen(out) != before:
        return "the old batch was touched"
    return ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="killing-letters-") as name:
        found = kill_at_random(Path(name), given.letters, given.times)
    print(f"{given.times} batches of {given.letters:,} letters, {found.before_the_end} killed before the end", end=", ")
    print(f"{found.while_writing} while writing")
    print("\n".join(found.wrong or ["every batch was the old one or the new one, whole; run again, each letter is there once"]))
    sys.exit(bool(found.wrong))


if __name__ == "__main__":
    main()
