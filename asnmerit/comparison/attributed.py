"""What each of several changes did, of what they did together: as values, a table, text and data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, Final

import attrs

from asnmerit.comparison.cells import Money
from asnmerit.comparison.tables import exact_column
from asnmerit.comparison.words import beyond, language, number, rupiah
from asnmerit.errors import ArgumentError
from asnmerit.frames.arrow import pa
from asnmerit.record import canonical
from asnmerit.rules.law import Law
from asnmerit.rules.to_text import Language, said_day

AMOUNT: Final = "amount."
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "title": ("Bagian setiap perubahan: {0}, {1} ({2})", "The share of each change: {0}, {1} ({2})"),
    "order": (
        "Bagian rata-rata atas semua urutan (nilai Shapley); jumlahnya tepat sama dengan keseluruhan.",
        "Shares are averages over all orders (Shapley values); they add up to the whole exactly.",
    ),
    "people": ("Pegawai: {0}; belum pasti di salah satu hukum: {1}", "People: {0}; not settled under some law: {1}"),
    "nothing": ("TIDAK ADA YANG BERUBAH oleh semua perubahan ini.", "NOTHING CHANGES by all of these changes."),
    "whole": ("Keseluruhan", "The whole"),
    "changed": ("jawaban berubah", "answers changed"),
    "winners": ("beruntung", "win"),
    "losers": ("dirugikan", "lose"),
    "alone": ("sendirian: {0}; bila yang terakhir: {1}", "alone: {0}; as the last: {1}"),
}


@attrs.frozen
class Share:
    """The part of one change: its Shapley value, what it does alone, and what it adds to all the others.

    Each by measure: `changed`, `winners`, `losers`, and `amount.FIELD`, what is paid more than before.
    """

    name: str
    values: Mapping[str, Money]
    alone: Mapping[str, Money]
    last: Mapping[str, Money]

    def __getitem__(self, measure: str) -> Money:
        """Give the value by measure."""
        return self.values[measure]


@attrs.frozen(eq=False)
class Attribution:
    """Several changes made at once, and what each did: `found["threshold"]["amount.amount"]` is exact.

    `whole` is what they do together; the shares add up to it. `unsettled` are the people left out, whom one of the
    laws does not settle. `unbound` names the changes that go beyond what is delegated.
    """

    laws: tuple[Law, Law]
    decision: str
    shares: tuple[Share, ...]
    whole: Mapping[str, Money]
    people: int
    unsettled: int
    unbound: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Share:
        """Give the share of one change."""
        found = next((s for s in self.shares if s.name == name), None)
        if found is None:
            raise ArgumentError("name", name, f"a change: {', '.join(s.name for s in self.shares)}")
        return found

    @property
    def changes(self) -> tuple[str, ...]:
        """The names of the changes."""
        return tuple(share.name for share in self.shares)

    @property
    def nothing_changes(self) -> bool:
        """Whether the changes together change no answer."""
        return not any(self.whole.values())

    def table(self) -> Any:  # noqa: ANN401 - a table of PyArrow
        """Give a row a change and measure: the share, alone, as the last. What is not whole is text, as `7/2`."""
        rows = [(s, m) for s in self.shares for m in self.whole]
        return pa.table(
            {
                "change": pa.array([s.name for s, _ in rows], pa.string()),
                "measure": pa.array([m for _, m in rows], pa.string()),
                "share": exact_column([s.values[m] for s, m in rows]),
                "alone": exact_column([s.alone[m] for s, m in rows]),
                "last": exact_column([s.last[m] for s, m in rows]),
            }
        )

    def to_text(self, lang: str = "id") -> str:
        """Tell it in Indonesian (`id`) or English (`en`)."""
        return "\n".join(self._lines(language(lang)))

    def _lines(self, lang: Language) -> Iterator[str]:
        def said(key: str, *parts: object) -> str:
            return _WORDS[key][0 if lang == "id" else 1].format(*parts)

        law = self.laws[1]
        yield said("title", self.decision, law.policy, said_day(law.on, lang))
        yield said("people", number(self.people, lang), number(self.unsettled, lang))
        if self.unbound:
            yield beyond(self.unbound, lang)
        if self.nothing_changes:
            yield said("nothing")
        yield f"{said('whole')}: {_measures(self.whole, lang)}"
        for share in self.shares:
            parts = said("alone", _measures(share.alone, lang), _measures(share.last, lang))
            yield f"  {share.name}: {_measures(share.values, lang)}"
            yield f"    {parts}"
        yield said("order")

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain data; what is not whole is text, as `7/2`."""
        return {
            "before": self.laws[0].identity(),
            "after": self.laws[1].identity(),
            "decision": self.decision,
            "people": self.people,
            "unsettled": self.unsettled,
            "unbound": list(self.unbound),
            "nothing_changes": self.nothing_changes,
            "whole": _plain(self.whole),
            "shares": [
                {"change": s.name, "share": _plain(s.values), "alone": _plain(s.alone), "last": _plain(s.last)}
                for s in self.shares
            ],
        }

    def to_json(self) -> str:
        """Give it as canonical JSON."""
        return canonical(self.to_dict())

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(m)}</th>" for m in ["", *self.whole])
        rows = [("the whole", self.whole), *((s.name, s.values) for s in self.shares)]
        body = "".join(f"<tr><th>{escape(name)}</th>{_cells(of)}</tr>" for name, of in rows)
        loud = [beyond(self.unbound, "en")] if self.unbound else []
        loud += [_WORDS["nothing"][1]] if self.nothing_changes else []
        said = "".join(f"<p><b>{escape(text)}</b></p>" for text in loud)
        return f"{said}<table><tr>{head}</tr>{body}</table><p>{escape(_WORDS['order'][1])}</p>"


def _cells(values: Mapping[str, Money]) -> str:
    return "".join(f"<td>{escape(_measure(m, v, 'en'))}</td>" for m, v in values.items())


def _measure(measure: str, value: Money, lang: Language) -> str:
    if measure.startswith(AMOUNT):
        return f"{measure.removeprefix(AMOUNT)} {rupiah(value, lang)}"
    return f"{number(value, lang)} {_WORDS[measure][0 if lang == 'id' else 1]}"


def _measures(values: Mapping[str, Money], lang: Language) -> str:
    """Say what is not nothing; of the whole, that nobody's answer changed."""
    shown = [(m, v) for m, v in values.items() if v or m == "changed" or m.startswith(AMOUNT)]
    return ", ".join(_measure(m, v, lang) for m, v in shown)


def _plain(values: Mapping[str, Money]) -> dict[str, int | str]:
    return {m: v if isinstance(v, int) else str(v) for m, v in values.items()}
