"""The program `selective-sales`: a group whose commands are imported only when they run, so that `--help` stays quick."""

from __future__ import annotations

import importlib
import signal
from typing import Any

import click

from ..model.errors import EngineError
from .exits import Exit
from .output import flush_or_drop, never_stop_at_a_character, write_nothing_more

COMMANDS = {
    "init": "Lay out a working policy, sample data and editor settings in a folder.",
    "policies": "List the ready policies, and copy one to start from.",
    "check": "Check policies: structure, names, kinds, sense. All findings at once.",
    "fmt": "Lay policies out in the canonical form; comments stay, and what they say.",
    "evaluate": "Decide every client and write a run folder.",
    "test": "Run policy tests.",
    "suggest-tests": "Write boundary cases with the answers of today, for a person to review.",
    "explain": "Say why a client was decided so, and how near other rules were.",
    "simulate": "Show a run's portfolio without the declined clients, and on other terms.",
    "diff": "Say what two policies differ in, and which clients that moves.",
    "worklist": "Say which facts to collect next, about whom, and what they would settle.",
    "allocate": "Share hours out among groups of a run's clients.",
    "audit": "Compare how groups of a run's clients are decided, and say what a gap comes from.",
    "memo": "Write internal decision memos.",
    "letters": "Write the letters to a run's clients as a batch: all or none, each one checked.",
    "preview": "Show the letter to one client of a run.",
    "approve": "Say that letters may be sent: who approved which, and when.",
    "report": "Write one HTML file about a run, with pictures: for a browser, offline, or paper.",
    "replay": "Run a run's evidence again and say whether it is identical.",
    "compile": "Print the SQL that a policy becomes.",
    "verify-engine": "Say whether a PostgreSQL server or a Spark decides policy tests the same.",
    "schema": "Print the JSON Schema of a file that people write.",
    "explain-finding": "Explain a finding's code, with a bad and a good example.",
}


class LazyGroup(click.Group):
    """Knows its commands' names and first sentences; a command's module is imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"selective_sales.cli.{cmd_name.replace('-', '_')}")
        command = module.command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of that name; a misspelt one is told what it nearly is."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0][:40].lower(), COMMANDS, n=1)
            if near:
                ctx.fail(f"No such command '{args[0][:40]}'. Did you mean '{near[0]}'?")
        return super().resolve_command(ctx, args)

    def make_context(self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any) -> click.Context:
        """`--help` and `--version` write while the words of the command line are read; nothing has begun that would need to be cleared."""
        try:
            return super().make_context(info_name, args, parent, **extra)
        except BrokenPipeError:
            write_nothing_more(1, 2)
            raise SystemExit(Exit.READER_GONE) from None
        except OSError as error:
            tell(error)
            flush_or_drop()
            raise SystemExit(Exit.USAGE) from None

    def invoke(self, ctx: click.Context) -> object:
        """Runs the command; what the machine refuses (a full disk, no memory, no right to write) ends in a finding, not in a traceback.

        So do Ctrl-C, and a reader that has seen enough (`| head`): what is published by then is whole, and the rest is cleared away.
        """
        never_stop_at_a_character()
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            write_nothing_more(1, 2)
            ctx.exit(Exit.READER_GONE)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            ctx.exit(Exit.INTERRUPTED)
        except (OSError, EngineError) as error:
            tell(error)
            flush_or_drop()
            ctx.exit(Exit.USAGE)
        except MemoryError:
            tell(EngineError("the machine has not enough free memory for it", "end other programs, or give this one more memory"))
            ctx.exit(Exit.USAGE)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def tell(error: OSError | EngineError) -> None:
    """The machine's refusal as a finding."""
    from ..model.finding import Finding
    from ..model.place import Place
    from .findings import print_findings

    if isinstance(error, OSError):
        place, what, help = (
            str(error.filename or "."),
            "a file could not be read or written",
            "check the file, its rights and the room on the disk",
        )
        if error.filename is None and _was_writing_out(error):
            place, what, help = "standard output", "the output could not be written", "check where it goes (>), and the room on the disk"
        print_findings([Finding("SS705", f"{what}: {error.strerror or error}", Place(place), help)])
    else:
        print_findings([Finding("SS704", f"the engine stopped: {error}", Place("."), error.help)])


def _was_writing_out(error: OSError) -> bool:
    """Whether the output took no more, and not a file: it has no name, so it is told by who was writing."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and trace.tb_frame.f_code.co_filename in (click.utils.__file__, flush_or_drop.__code__.co_filename, __file__)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="selective-sales")
def main() -> None:
    """Decide, client by client, which relationship you can afford: by a policy that people read, with reasons that hold."""


def run() -> None:
    """The process: once the command has ended, Ctrl-C no longer changes how, as what it has published is whole."""
    try:
        main(prog_name="selective-sales")
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
