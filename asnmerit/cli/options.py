"""Options that several commands share, and the values they give."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import reduce
from typing import Any, Final, TypeVar

import attrs
import click

import asnmerit as am
from asnmerit.cli.opening import KINDS
from asnmerit.readers import TableOptions
from asnmerit.readers.findings import CellRefusedError
from asnmerit.readers.text import iso_date

Command = TypeVar("Command", bound=Callable[..., Any])
DELIMITERS: Final = {"tab": "\t", r"\t": "\t"}


def a_day(_ctx: click.Context, _param: click.Parameter, value: str | None) -> date | None:
    """Read a day written YYYY-MM-DD."""
    if value is None:
        return None
    try:
        return iso_date(value)
    except CellRefusedError as error:
        raise click.BadParameter(f"{error.finding.what('en')}; expected YYYY-MM-DD") from None


def pairs(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """Read options of the form NAME=VALUE."""
    found: dict[str, str] = {}
    for text in values:
        left, mark, right = (part.strip() for part in text.partition("="))
        if not (mark and left and right):
            raise click.BadParameter(f"{text!r} is not of the form NAME=VALUE")
        if found.setdefault(left, right) != right:
            raise click.BadParameter(f"{left} is given twice")
    return found


def aliases(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """Read options of the form FACT:WORD=MEMBER."""
    found: dict[str, dict[str, str]] = {}
    for left, member in pairs(ctx, param, values).items():
        fact, mark, word = (part.strip() for part in left.partition(":"))
        if not (mark and fact and word):
            raise click.BadParameter(f"{left}={member!r} is not of the form FACT:WORD=MEMBER")
        found.setdefault(fact, {})[word.lower()] = member
    return found


def one_character(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    """Read one character that may stand between cells, or the word tab."""
    found = DELIMITERS.get(value.lower(), value)
    if len(found) != 1 or found in '"\n\r\0 ' or found.isalnum():
        raise click.BadParameter(f"{value!r} cannot stand between cells; use , or ; or tab")
    return found


def together(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Make one decorator of several."""
    return lambda command: reduce(lambda done, option: option(done), reversed(options), command)


search: Final = click.option(
    "--search",
    multiple=True,
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False),
    help="A folder with policies of your own; may be given again.",
)

_days: Final = together(
    click.option("--on", callback=a_day, metavar="YYYY-MM-DD", required=True,
                 help="The day whose law decides. There is no default: no clock."),
    click.option("--known", callback=a_day, metavar="YYYY-MM-DD",
                 help="The law as it stood known on that day; all that is known if left out."),
)  # fmt: skip
_as_of: Final = click.option("--as-of", callback=a_day, metavar="YYYY-MM-DD",
                             help="The day for which facts are judged; the day of --on if left out.")  # fmt: skip
_readings: Final = click.option("--reading", "readings", callback=pairs, multiple=True, metavar="NAME=SOURCE",
                                help="Take another reading of a disputed value; may be given again.")  # fmt: skip

slice_options: Final = together(_days, _readings, search)
"""Which law of which day, for commands that ask it about nobody in particular."""
law_options: Final = together(_days, _as_of, _readings, search)

_jobs: Final = click.option("--jobs", type=click.IntRange(1, 64), default=2, show_default=True, metavar="N",
                            help="Solvers that run at the same time.")  # fmt: skip


def effort_options(
    budget: float, samples: int, tried: str, seeded: str = "tries the same people", *, solvers: bool = True
) -> Callable[[Command], Command]:
    """Say how much a command that looks for people may do; the texts say whom it tries, and what the seed does."""
    return together(
        click.option("--budget", type=click.FloatRange(1, 86_400), default=budget, show_default=True,
                     metavar="SECONDS", help="Time that it may take."),
        click.option("--samples", type=click.IntRange(1_000, 100_000_000), default=samples, show_default=True,
                     metavar="N", help=f"{tried}."),
        *([_jobs] if solvers else []),
        click.option("--seed", type=click.IntRange(0), default=0, show_default=True, metavar="N",
                     help=f"The same seed {seeded}."),
    )  # fmt: skip


comparison_options: Final = together(
    click.option("--by", multiple=True, metavar="COLUMN", help="A column to group by; may be given again."),
    click.option("--output", "--out", "-o", metavar="PATH", help="Where the result goes; standard output if left out."),
    click.option("--changed", metavar="PATH", help="Write a CSV of everyone whose answer changed here."),
    click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True),
    click.option("--lang", type=click.Choice(["id", "en"]), default="id", show_default=True,
                 help="The language of texts."),
    click.option("--allow-row-errors", is_flag=True, help="Exit 0 although rows are in error; they are counted."),
)  # fmt: skip
"""What the commands that compare two laws over employees are told of their result."""

person_options: Final = together(
    click.option("--row", "number", type=click.IntRange(min=1), help="The employee's row; the first one is 1."),
    click.option("--id", "identity", metavar="NIP", help="The employee's number."),
)

file_options: Final = together(
    click.option("--input-format", type=click.Choice(KINDS), default="auto", show_default=True,
                 help="auto: by the file's suffix; a CSV with the column nip_baru or pns_id is a SIASN export, JSON "
                 "with data-utama holds answers of the SIASN service."),
    click.option("--sheet", metavar="NAME", default="", help="The sheet of a workbook; the first one if left out."),
    click.option("--delimiter", callback=one_character, metavar="CHAR", default=",", show_default=True,
                 help="What stands between cells."),
    click.option("--decimal-comma", is_flag=True, help="87,5 is a number and 87.5 is not, on the way in and out."),
    click.option("--ignore", multiple=True, metavar="COLUMN",
                 help="A column to pass over, or * for all that are unknown; may be given again."),
    click.option("--alias", "aliases", callback=aliases, multiple=True, metavar="FACT:WORD=MEMBER",
                 help="What a word means in one fact, such as performance:cukup=butuh_perbaikan; may be given again."),
    click.option("--inverted-ratings", is_flag=True,
                 help="Rating code 3 is the best one in this file; in SIASN, and if left out, 1 is."),
    click.option("--date-order", type=click.Choice(["dmy", "mdy"]),
                 help="How dates are written; if left out, 04/01/2026 is refused, for it can be read in two ways."),
    click.option("--synonym", "synonyms", callback=pairs, multiple=True, metavar="WORD=MEMBER",
                 help="What a word means that the policy does not know, such as Cukup=butuh_perbaikan."),
)  # fmt: skip


@attrs.frozen
class Question:
    """The law asked, the day for which facts are judged, and the second witness if one is wanted."""

    law: am.Law
    as_of: date | None
    witness: str | None = None


def question(policy: str, **given: Any) -> Question:  # noqa: ANN401 - options as click hands them over
    """Load a policy and take the law of the day that the options name.

    Raises:
        AsnmeritError: if the policy does not load or is not in force.
    """
    loaded = am.load(policy, search=given["search"])
    law = am.in_force(loaded, on=given["on"], known=given["known"], readings=given["readings"] or None)
    return Question(law, given["as_of"], given.get("witness"))


def table_options(**given: Any) -> TableOptions:  # noqa: ANN401 - options as click hands them over
    """Put together what the options say about the file."""
    return TableOptions(
        delimiter=given["delimiter"],
        decimal_comma=given["decimal_comma"],
        ignore=tuple(given["ignore"]),
        synonyms={word.lower(): member for word, member in given["synonyms"].items()},
        aliases=given["aliases"],
        inverted_ratings=given["inverted_ratings"],
        date_order=given["date_order"] or "",
        sheet=given["sheet"],
    )
