"""The command itself: its parts, and what every part does with errors."""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from typing import Any, Final

import click

from asnmerit.cli.auditing import audit
from asnmerit.cli.checking import check, schema
from asnmerit.cli.comparing import compare
from asnmerit.cli.deciding import decide
from asnmerit.cli.differing import diff
from asnmerit.cli.explaining import explain
from asnmerit.cli.listing import policies, sample
from asnmerit.cli.mapping import roadmap
from asnmerit.cli.mutating import mutate
from asnmerit.cli.ranking import rank
from asnmerit.cli.reforming import reform
from asnmerit.cli.regulating import regulation
from asnmerit.cli.replaying import replay
from asnmerit.cli.selecting import select
from asnmerit.cli.sql import sql
from asnmerit.cli.templates import template
from asnmerit.cli.testing import test
from asnmerit.cli.validating import validate
from asnmerit.errors import AsnmeritError
from asnmerit.version import __version__

COULD_NOT = 2
INTERRUPTED = 130
NOBODY_READS = 141
EXTRAS: Final = {
    "altair": "pictures", "faker": "simulate", "numpy": "audit", "pyarrow": "frames", "scipy": "simulate",
    "vl_convert": "pictures", "z3": "audit",
}  # fmt: skip
"""Libraries that parts of the command need, and the extra that installs each where the error names none."""
NAMED: Final = re.compile(r"asnmerit\[(\w+)\]")
PARTS: Final = (
    audit, check, compare, decide, diff, explain, mutate, policies, rank, reform, regulation, replay, roadmap, sample,
    schema, select, sql, template, test, validate,
)  # fmt: skip


class Program(click.Group):
    """A group whose errors are told on one or a few lines, never as a traceback."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:  # noqa: ANN401 - click's own signature
        """Read the command line; an interruption is told as everywhere, not as click tells it."""
        try:
            return super().make_context(*args, **extra)
        except KeyboardInterrupt:
            click.echo("asnmerit: interrupted", err=True)
            sys.exit(INTERRUPTED)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Run a part; end with exit code 2 for what the library, or the system, refuses."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            _close_output()
            ctx.exit(NOBODY_READS)
        except KeyboardInterrupt:
            click.echo("asnmerit: interrupted", err=True)
            ctx.exit(INTERRUPTED)
        except ModuleNotFoundError as error:
            if error.name not in EXTRAS:
                raise
            named = NAMED.search(str(error))
            extra = named[1] if named else EXTRAS[error.name]
            click.echo(f"asnmerit: {error.name} is not installed; pip install 'asnmerit[{extra}]' brings it", err=True)
            ctx.exit(COULD_NOT)
        except AsnmeritError as error:
            click.echo(f"asnmerit: {error}", err=True)
            ctx.exit(COULD_NOT)
        except OSError as error:
            name = f"{error.filename}: " if error.filename else ""
            click.echo(f"asnmerit: {name}{error.strerror or error}", err=True)
            ctx.exit(COULD_NOT)


def _close_output() -> None:
    """Let the end of the process find nothing more to flush into a closed pipe."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="asnmerit")
def main() -> None:
    """Civil-service merit policy as data: decide, say why, say what is missing.

    Exit codes: 0 done; 1 done, with something to look at (rows in error, flaws, warnings counted as errors, decisions
    that differ); 2 not done: a wrong option, a faulty policy, a file that cannot be read.
    """


for part in PARTS:
    main.add_command(part)
