"""The command line. Only typer is imported at its start; each command imports what it needs when it is called.

Exit codes: 0 done; 1 an error that is not listed here; 2 the command was not understood; 3 the night stopped because a
roster is missing, late or refused; 4 a contract, rule, policy or setting is wrong; 5 another night is running on the
same lake. If an error class has an ``exit_code``, its message says what to do.
"""

import io
import logging
import os
import sys

import typer

from engines.owner_alone import OTHERS
from pipelines.commands import linkage_commands, night_commands, past_commands, review_commands, trial_commands

app = typer.Typer(
    name="hedui",
    help="核对 — check a welfare register against the records of other departments. It finds leads; people decide.",
    epilog="Exit codes: 0 done, 1 failed, 2 misused, 3 night stopped (roster), 4 misconfigured, 5 lake busy.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # the rich pages take as long to load as everything else
    pretty_exceptions_enable=False,
)
for commands in (night_commands, past_commands, review_commands, linkage_commands, trial_commands):
    app.add_typer(commands.app)


def main() -> None:
    """Run the command line; an error that a person can correct ends in one plain message and its own exit code.

    Only the owner can read the files it makes. A character that the terminal cannot show does not stop it.
    """
    os.umask(OTHERS)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if os.environ.get("HEDUI_LOG"):
        logging.basicConfig(level=os.environ["HEDUI_LOG"].upper(), stream=sys.stderr, format="%(asctime)s %(message)s")
    try:
        app()
    except Exception as error:
        exit_code = getattr(error, "exit_code", None)
        if exit_code is None:
            raise
        typer.echo(f"hedui: {error}", err=True)
        sys.exit(exit_code)
