"""`asnmerit validate`: the data quality of a file, in the vocabulary of BKN."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import IO, Any, Final

import attrs
import click

from asnmerit.cli.explaining import one_language, tell_refusal
from asnmerit.cli.opening import opened, watched
from asnmerit.cli.options import a_day, file_options, table_options
from asnmerit.cli.writing import refuse_clashes, target
from asnmerit.readers import FileRefusedError, Row
from asnmerit.readers.findings import Language
from asnmerit.readers.quality import DIMENSIONS, INDICATORS, Quality, data_quality, quality_facts
from asnmerit.readers.quality_sum import QualitySum

FOUND, COULD_NOT = 1, 2
TENTHS: Final = 1_000
NAMES: Final[Mapping[Language, Mapping[str, str]]] = {
    "id": {"completeness": "kelengkapan", "timeliness": "ketepatan waktu", "accuracy": "akurasi",
           "consistency": "konsistensi"},
    "en": {name: name for name in DIMENSIONS},
}  # fmt: skip
SAID: Final[Mapping[Language, Mapping[str, str]]] = {
    "id": {
        "row": "Baris", "people": "pegawai", "flaws": "temuan", "sound": "sesuai", "made": "diperiksa",
        "weight": "bobot", "unchecked": "tidak dapat diperiksa bagi siapa pun", "needs": "perlu", "index": "indeks",
        "no_index": "indeks tidak dihitung: ada dimensi yang tidak dapat diperiksa",
        "own": "setiap pemeriksaan dihitung sama di dalam dimensinya",
    },
    "en": {
        "row": "Row", "people": "employees", "flaws": "flaws", "sound": "sound", "made": "checked",
        "weight": "weight", "unchecked": "could not be checked for anybody", "needs": "needs", "index": "index",
        "no_index": "no index: a dimension could not be looked at",
        "own": "every check counts alike within its dimension",
    },
}  # fmt: skip


@click.command()
@click.argument("file")
@click.option(
    "--on",
    callback=a_day,
    metavar="YYYY-MM-DD",
    required=True,
    help="The day for which the records are judged. There is no default: no clock.",
)
@file_options
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--output", "--out", "-o", metavar="PATH", help="Where it goes; standard output if left out.")
@click.option("--lang", type=click.Choice(["id", "en"]), default="id", show_default=True)
@click.pass_context
def validate(ctx: click.Context, /, file: str, **given: Any) -> None:  # noqa: ANN401 - click's options
    """Report the data quality of FILE by BKN's indicators: for each employee, and in sum by the four dimensions.

    What the file does not carry cannot be checked, and is named. Columns that no check reads are passed over.

    Exit codes: 0 nothing found; 1 flaws, or rows that could not be read; 2 nothing could be read.
    """
    refuse_clashes(file, [given["output"]])
    lang = one_language(given["lang"])
    options = attrs.evolve(table_options(**given), ignore=("*",))
    try:
        with opened(file, given["input_format"], quality_facts(), options) as source, target(given["output"]) as out:
            report = _Report(out, given["form"], given["on"], lang)
            for row in watched(source.rows, file, "asnmerit"):
                report.person(row)
            report.close()
    except FileRefusedError as error:
        tell_refusal(file, error, lang)
        ctx.exit(COULD_NOT)
    ctx.exit(FOUND if report.found else 0)


class _Report:
    """Writes each person as it comes, and the sum at the end."""

    def __init__(self, out: IO[str], form: str, on: date, lang: Language) -> None:
        self.out, self.form, self.on, self.lang = out, form, on, lang
        self.total = QualitySum()
        self.needs: dict[str, tuple[str, ...]] = {}
        self.rows = 0
        self.found = False

    def person(self, row: Row) -> None:
        quality = data_quality(row.record, on=self.on, employee_number=row.id, carries=row.carries)
        self.total.add(quality)
        self.found = self.found or bool(quality.flaws or row.refusals)
        for code, needs in quality.unchecked.items():
            self.needs.setdefault(code, needs)
        if self.form == "json":
            lead = ",\n" if self.rows else f'{{"on": "{self.on}", "people": [\n'
            self.out.write(lead + json.dumps(self._object(row, quality), ensure_ascii=False))
        elif quality.flaws or row.findings:
            self.out.write("\n".join(self._lines(row, quality)) + "\n")
        self.rows += 1

    def _object(self, row: Row, quality: Quality) -> dict[str, object]:
        found = [{"code": code, "text": INDICATORS[code].what.text(self.lang)} for code in quality.flaws]
        told = [{"kind": f.kind, "code": f.code, "column": f.column, "text": f.text(self.lang)} for f in row.findings]
        return {
            "row": row.number, "line": row.line, "id": row.id, "flaws": found, "sound": list(quality.sound),
            "unchecked": {code: list(needs) for code, needs in quality.unchecked.items()}, "findings": told,
        }  # fmt: skip

    def _lines(self, row: Row, quality: Quality) -> Iterator[str]:
        yield f"{SAID[self.lang]['row']} {row.number} {row.id}".rstrip()
        for code in quality.flaws:
            yield f"  {code} {INDICATORS[code].what.text(self.lang)}"
        for finding in row.findings:
            yield f"  {finding.text(self.lang)}"

    def close(self) -> None:
        if self.form == "json":
            self.out.write(f'\n], "sum": {json.dumps(self._sum(), ensure_ascii=False)}}}\n')
        else:
            self.out.write("\n".join(["", *self._sum_lines()]) + "\n")

    def _sum(self) -> dict[str, object]:
        dimensions = {}
        for name, weight in DIMENSIONS.items():
            sound, made = self.total.checks(name)
            dimensions[name] = {"weight": str(float(weight)), "checked": made, "sound": sound, "flaws": made - sound}
        index = self.total.index()
        return {
            "people": self.total.people, "dimensions": dimensions, "flaws": dict(self.total.flaws),
            "unchecked": {code: list(self.needs[code]) for code in self._never()},
            "index": None if index is None else f"{index.numerator}/{index.denominator}",
        }  # fmt: skip

    def _never(self) -> list[str]:
        return [code for code in INDICATORS if not self.total.flaws[code] and not self.total.sound[code]]

    def _sum_lines(self) -> Iterator[str]:
        words = SAID[self.lang]
        yield f"{self.total.people} {words['people']}"
        for name, weight in DIMENSIONS.items():
            sound, made = self.total.checks(name)
            share = f" ({_percent(Fraction(sound, made), self.lang)})" if made else ""
            yield (f"{NAMES[self.lang][name]} ({words['weight']} {_percent(weight, self.lang)}): "
                   f"{sound} {words['sound']} / {made} {words['made']}{share}")  # fmt: skip
            for code, count in sorted(self.total.flaws.items()):
                if INDICATORS[code].dimension == name:
                    yield f"  {code} {INDICATORS[code].what.text(self.lang)}: {count}"
        index = self.total.index()
        yield words["no_index"] if index is None else f"{words['index']}: {_percent(index, self.lang)}; {words['own']}"
        yield f"{words['unchecked']}:"
        for code in self._never():
            needs = ", ".join(self.needs.get(code) or INDICATORS[code].needs)
            yield f"  {code} {INDICATORS[code].what.text(self.lang)} ({words['needs']}: {needs})"


def _percent(share: Fraction, lang: Language) -> str:
    """Show a share with one digit, cut off: 99,9 % never becomes 100 %."""
    tenths = int(share * TENTHS)
    mark = "," if lang == "id" else "."
    return f"{tenths // 10}{mark}{tenths % 10}%" if tenths % 10 else f"{tenths // 10}%"
