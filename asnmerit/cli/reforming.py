"""`asnmerit reform`: a policy with changes in it, and employees under it: who gains, who loses, by which change."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs
import click

import asnmerit as am
from asnmerit.cli.comparing import COULD_NOT, SOME_IN_ERROR, some_in_error, write_comparison
from asnmerit.cli.explaining import one_language, tell_refusal
from asnmerit.cli.options import Question, comparison_options, file_options, law_options
from asnmerit.cli.writing import JsonLinesWriter, refuse_clashes, target
from asnmerit.comparison.words import number
from asnmerit.readers import FileRefusedError
from asnmerit.readers.findings import Language
from asnmerit.reforming.words import reform_lines

if TYPE_CHECKING:
    from asnmerit.cli.crowds import People
    from asnmerit.comparison.attributed import Attribution
    from asnmerit.comparison.compared import Compared
    from asnmerit.reforming.effects import Effect

OF_PEOPLE: Final = ("decisions", "by", "changed", "attribute", "as_of")
"""Options that say something about people."""
MARK: Final = "DATA SINTETIS"
MADE_UP: Final = {
    "id": "DATA SINTETIS - bukan orang sebenarnya: {0} orang, seed {1}, pada {2}.",
    "en": "SYNTHETIC DATA - nobody in it exists: {0} people, seed {1}, on {2}.",
}


@click.command()
@click.argument("policy")
@click.argument("overlay", type=click.Path(exists=True, dir_okay=False))
@click.argument("file", required=False)
@law_options
@click.option("--unbound", is_flag=True, help="Explore beyond what is delegated too; each result says so.")
@click.option(
    "--synthetic",
    type=click.IntRange(1, 6_000_000),
    metavar="N",
    help="Try it on N people who do not exist, in place of FILE.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    show_default="0",
    metavar="N",
    help="With --synthetic: the same seed makes the same people.",
)
@file_options
@click.option(
    "--decision",
    "decisions",
    multiple=True,
    metavar="NAME",
    help="A decision to look at; all of the policy if left out; may be given again.",
)
@click.option("--attribute", is_flag=True, help="Share out among the changes, exactly, what they do together.")
@comparison_options
@click.pass_context
def reform(ctx: click.Context, /, policy: str, overlay: str, file: str | None, **given: Any) -> None:  # noqa: ANN401 - click's options
    """Change POLICY by OVERLAY, a YAML file of changes, and see who gains and who loses among the employees in FILE.

    Without FILE it says what changes, and whether that may be changed. The changed policy is loaded and proved as any
    other, so that every fault of the overlay is told at once, with its place. FILE is as compare takes it.

    Exit codes: 0 done, also where nobody's answer changes, which is said in capitals; 1 some rows in error; 2 no such
    reform, or nothing could be read.
    """  # fmt: skip
    _refuse_misuse(policy, overlay, file, given)
    found = am.reform(policy, Path(overlay), on=given["on"], known=given["known"], readings=given["readings"] or None,
                      unbound=given["unbound"], search=given["search"])  # fmt: skip
    if file is None and given["synthetic"] is None:
        _tell(found, given)
        return
    asked = Question(found.before, given["as_of"]), Question(found.law, given["as_of"])
    from asnmerit.cli.crowds import made_up, people_in  # noqa: PLC0415 - an extra: NumPy and PyArrow

    try:
        if file is not None:
            people = people_in(file, asked, given)
        else:
            people = made_up(given["synthetic"], given["seed"] or 0, given["as_of"] or given["on"])
    except FileRefusedError as error:
        tell_refusal(str(file), error, one_language(given["lang"]))
        ctx.exit(COULD_NOT)
    tried = _tried(found, asked, people, given)
    write_comparison(
        tried.compared,
        people.rows,
        given,
        tried.to_dict(),
        tried.to_text(given["lang"]),
        mark=MARK if file is None else "",
    )
    _warn(found, tried.effect, given)
    ctx.exit(SOME_IN_ERROR if some_in_error(tried.compared) and not given["allow_row_errors"] else 0)


def _refuse_misuse(policy: str, overlay: str, file: str | None, given: dict[str, Any]) -> None:
    """Refuse two populations, options about people where there are none, and results that overwrite what is read."""
    for source in (overlay, policy, file):
        if source is not None and (source == overlay or Path(source).is_file()):
            refuse_clashes(source, [given["output"], given["changed"]])
    if file is not None and given["synthetic"] is not None:
        raise click.UsageError("give FILE or --synthetic, not both")
    if given["seed"] is not None and given["synthetic"] is None:
        raise click.UsageError("--seed: of whom? Give --synthetic N")
    if file is None and given["synthetic"] is None:
        said = [f"--{name.rstrip('s').replace('_', '-')}" for name in OF_PEOPLE if given[name]]
        if said:
            raise click.UsageError(f"{', '.join(said)}: of whom? Give FILE, or --synthetic N")


def _tell(found: am.Reform, given: dict[str, Any]) -> None:
    """Write what changes, where no people are given."""
    with target(given["output"]) as stream:
        if given["form"] == "json":
            JsonLinesWriter(stream).write({"reform": found.to_dict()})
        else:
            stream.write(f"{found.to_text(given['lang'])}\n")


@attrs.frozen
class _Tried:
    """A reform, and what became of people under it."""

    reform: am.Reform
    effect: Effect
    compared: Compared
    attributed: tuple[Attribution, ...]
    made: tuple[int, int, date] | None
    """Size, seed and day of people who do not exist."""

    def to_text(self, lang: Language) -> str:
        parts = [self.reform.to_text(lang)]
        if self.made is not None:
            parts.append(MADE_UP[lang].format(number(self.made[0], lang), *self.made[1:]))
        parts += [self.effect.to_text(lang), self.compared.to_text(lang), *(a.to_text(lang) for a in self.attributed)]
        return "\n\n".join(parts) + "\n"

    def to_dict(self) -> dict[str, Any]:
        made = None
        if self.made is not None:
            size, seed, on = self.made
            made = {"size": size, "seed": seed, "on": on.isoformat()}
        return {
            "reform": self.reform.to_dict(),
            "synthetic": made,
            "effect": self.effect.to_dict(),
            "compared": self.compared.to_dict(),
            "attributed": [a.to_dict() for a in self.attributed],
        }


def _tried(found: am.Reform, asked: tuple[Question, Question], people: People, given: dict[str, Any]) -> _Tried:
    from asnmerit.cli.crowds import compared  # noqa: PLC0415 - an extra: NumPy and PyArrow
    from asnmerit.reforming.effects import effect_of  # noqa: PLC0415 - as above

    result = attrs.evolve(compared(asked, people, given), unbound=found.unbound)
    shared = [
        am.attribute(found, people.frame(), name, as_of=given["as_of"], ignore=people.ignore)
        for name in (result.decisions if given["attribute"] else ())
    ]
    size, seed = given["synthetic"], given["seed"] or 0
    made = None if size is None else (size, seed, given["as_of"] or given["on"])
    return _Tried(found, effect_of(result, found.unbound), result, tuple(shared), made)


def _warn(found: am.Reform, effect: Effect, given: dict[str, Any]) -> None:
    """Say on standard error that nobody's answer changes, or that the law was left, where the result goes elsewhere."""
    if given["output"] is None and given["form"] == "text":
        return
    lang = one_language(given["lang"])
    loud = [effect.to_text(lang).splitlines()[0]] if effect.changes_nothing else []
    loud += [line for kind, line in reform_lines(found, lang) if kind == "loud"]
    for line in loud:
        click.echo(f"asnmerit: {line}", err=True)
