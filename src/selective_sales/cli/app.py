"""The program `selective-sales`: a group whose commands are imported only when they run, so that `--help` stays quick."""

from __future__ import annotations

import importlib

import click

COMMANDS = {
    "init": "Lay out a working policy, sample data and editor settings in a folder.",
    "check": "Check policies: structure, names, kinds, sense. All findings at once.",
    "evaluate": "Decide every client and write a run folder.",
    "test": "Run policy tests.",
    "explain": "Say why a client was decided so, and how near other rules were.",
    "memo": "Write internal decision memos.",
    "replay": "Run a run's evidence again and say whether it is identical.",
    "compile": "Print the SQL that a policy becomes.",
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

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="selective-sales")
def main() -> None:
    """Decide, client by client, which relationship you can afford: by a policy that people read, with reasons that hold."""
