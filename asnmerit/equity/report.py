"""Fairness as a result: its groups, as a table, in words, and for a notebook, with what a ratio does not show."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Final

import attrs

from asnmerit.equity.rows import Group
from asnmerit.frames.answers import STATUSES
from asnmerit.phrases import STATUS_NAMES
from asnmerit.sensitivity.naming import Labels
from asnmerit.sensitivity.tabling import html, language, plain, table

TITLE: Final = {"id": "Kewajaran antarkelompok", "en": "Fairness between groups"}
HEADS: Final = {
    "by": ("menurut", "by"),
    "group": ("kelompok", "group"),
    "band": ("kelas nilai", "band"),
    "people": ("orang", "people"),
    "granted": ("diberikan", "granted"),
    "refused": ("tidak", "refused"),
    "undetermined": ("belum pasti", "undetermined"),
    "conflict": ("bertentangan", "conflict"),
    "error": ("data salah", "error"),
    "rate": ("tingkat", "rate"),
    "low": ("bawah", "low"),
    "high": ("atas", "high"),
    "ratio": ("rasio", "ratio"),
    "ratio_low": ("rasio bawah", "ratio low"),
    "ratio_high": ("rasio atas", "ratio high"),
}
WORDS: Final = {
    "everybody": ("semua orang", "everybody"),
    "unrecorded": ("(tidak tercatat)", "(not recorded)"),
    "unscored": ("(nilai belum diketahui)", "(score not known)"),
    "small": ("disembunyikan: terlalu kecil", "hidden: too small"),
    "secondary": ("disembunyikan: melindungi kelompok lain", "hidden: protects another group"),
}
CAUTIONS: Final = {
    "id": (
        "Rasio menunjukkan perbedaan, bukan sebabnya: kelompok dapat berbeda dalam hal yang memang disyaratkan hukum.",
        "Rasio mendekati 1 bukan bukti keadilan: data, nilai, atau penilai dapat berat sebelah dan saling menutupi.",
        "Kelas nilai hanya membandingkan orang dengan nilai setara; adil tidaknya nilai itu tidak tampak di sini.",
        "Selang kepercayaan menganggap orang sebagai sampel; bagi seluruh pegawai, tingkat itu sendiri faktanya.",
        "Acuan yang dipilih karena tingkatnya tertinggi membuat rasio lain tampak lebih rendah daripada semestinya.",
        "Tingkat dihitung dari yang sudah pasti; yang belum pasti dan yang datanya salah dihitung tersendiri.",
    ),
    "en": (
        "A ratio shows a difference and not its cause: groups may differ in what the law rightly asks.",
        "A ratio near 1 does not prove fairness: facts, scores or raters may be biased, and two wrongs may cancel.",
        "Bands compare people of like scores; whether the score itself is fair is not seen here.",
        "An interval takes people for a sample; of a whole staff the rate itself is the fact.",
        "A reference chosen for its highest rate makes the other ratios look lower than they would be.",
        "Rates are of those settled; the undetermined and the faulty are counted on their own, never as a no.",
    ),
}
CHANCE: Final = {
    "id": "Rasio yang dibandingkan: {0}; sekitar {1} di antaranya dapat tampak berbeda karena kebetulan saja.",
    "en": "Ratios compared: {0}; about {1} of them may look different by chance alone.",
}
READ: Final = {
    "id": "Perhatian: keputusan ini membaca {0}.",
    "en": "Note: the decision reads {0}.",
}


@attrs.frozen(repr=False)
class Fairness:
    """How a decision treats groups: every group of every table, hidden ones marked.

    `score` is that of the bands; `read` names those of the columns that are facts the decision reads; `labels` are the
    law's own words for decision, columns and score.
    """

    policy: str
    decision: str
    by: tuple[str, ...]
    score: str | None
    smallest: int
    confidence: float
    method: str
    groups: tuple[Group, ...]
    read: tuple[str, ...] = ()
    labels: Labels = attrs.field(factory=dict)
    kind: str = "benefit"
    """`benefit`, `burden` or `finding`: whether those counted as granted have something given, imposed or found."""

    def __repr__(self) -> str:
        """Name the decision and the columns."""
        return f"<Fairness of {self.policy} {self.decision} by {', '.join(self.by)}: {len(self.groups)} groups>"

    def group(self, *labels: str | None, by: Iterable[str] | str | None = None, band: str | None = None) -> Group:
        """Give one group by its labels; `by` where several columns have it. Raises `KeyError` for what is not there."""
        names = None if by is None else (by,) if isinstance(by, str) else tuple(by)
        for group in self.groups:
            alike = group.labels == labels and (names is None or group.by == names)
            if alike and group.band == band and group.banded == (band is not None):
                return group
        raise KeyError(labels)

    @property
    def everybody(self) -> Group:
        """All people together."""
        return self.group()

    @property
    def columns(self) -> dict[str, list[Any]]:
        """One row a group; rates and ratios as floats for reading. The exact ones stand in `groups`."""
        g = self.groups
        found: dict[str, list[Any]] = {
            "by": [" x ".join(x.by) for x in g],
            "group": [" x ".join("" if label is None else label for label in x.labels) for x in g],
            "band": [x.band for x in g],
            "hidden": [x.hidden for x in g],
            "people": [x.people for x in g],
            **{s: [None if x.counts is None else x.counts[s] for x in g] for s in STATUSES},
            "rate": [_float(x.rate) for x in g],
            "low": [x.interval and x.interval[0] for x in g],
            "high": [x.interval and x.interval[1] for x in g],
            "least": [_float(x.least) for x in g],
            "most": [_float(x.most) for x in g],
            "reference": [x.reference for x in g],
            "ratio": [_float(x.ratio) for x in g],
            "ratio_low": [x.ratio_interval and x.ratio_interval[0] for x in g],
            "ratio_high": [x.ratio_interval and x.ratio_interval[1] for x in g],
        }
        for field in dict.fromkeys(f for x in g for f in x.amounts):
            mine = [x.amounts.get(field) for x in g]
            found[f"{field}.total"] = [a and a.total for a in mine]
            found[f"{field}.mean"] = [None if a is None else _float(a.mean) for a in mine]
            found[f"{field}.low"] = [None if a is None else a.interval and a.interval[0] for a in mine]
            found[f"{field}.high"] = [None if a is None else a.interval and a.interval[1] for a in mine]
            found[f"{field}.less"] = [None if a is None else _float(a.less) for a in mine]
            found[f"{field}.less_low"] = [None if a is None else a.less_interval and a.less_interval[0] for a in mine]
            found[f"{field}.less_high"] = [None if a is None else a.less_interval and a.less_interval[1] for a in mine]
        return found

    @property
    def table(self) -> Any:  # noqa: ANN401 - a table of PyArrow
        """The groups as an Arrow table."""
        return table(self.columns)

    def to_dict(self) -> dict[str, Any]:
        """Give all of it as plain data; sums are exact, as text where they are not whole."""
        rows = [dict(zip(self.columns, row, strict=True)) for row in zip(*self.columns.values(), strict=True)]
        return {
            "policy": self.policy,
            "decision": self.decision,
            "by": list(self.by),
            "score": self.score,
            "smallest": self.smallest,
            "confidence": self.confidence,
            "method": self.method,
            "read": list(self.read),
            "groups": [{k: _plain(v) for k, v in row.items()} for row in rows],
            "cautions": self.cautions("en"),
        }

    def cautions(self, lang: str = "id") -> list[str]:
        """Say what the numbers do not show."""
        of = language(lang)
        compared = sum(g.ratio_interval is not None for g in self.groups)
        notes = [READ[of].format(", ".join(self.read))] if self.read else []
        if compared:
            expected = f"{compared * (1 - self.confidence):.1f}"
            notes.append(CHANCE[of].format(compared, expected.replace(".", ",") if of == "id" else expected))
        return [*notes, *(c for i, c in enumerate(CAUTIONS[of]) if self.score is not None or i != BANDS_CAUTION)]

    def _said(self, lang: str) -> dict[str, list[Any]]:
        """Give the columns that are read most, with names and groups in words."""
        at = 0 if lang == "id" else 1
        found = self.columns
        said: dict[str, list[Any]] = {}
        told: dict[str, str] = {} if self.kind == "benefit" else STATUS_NAMES[lang][self.kind]
        for name, heads in HEADS.items():
            if name in {"granted", "refused"} & told.keys():
                said[told[name].lower()] = found[name]
            elif name != "band" or self.score is not None:
                said[heads[at]] = found[name]
        for field in (n for n in found if n.endswith(".total")):
            said[field] = found[field]
        said[HEADS["group"][at]] = [self._name(g, at) for g in self.groups]
        if self.score is not None:
            said[HEADS["band"][at]] = [
                "" if not g.banded else WORDS["unscored"][at] if g.band is None else g.band for g in self.groups
            ]
        return said

    def _name(self, group: Group, at: int) -> str:
        words = [WORDS["unrecorded"][at] if label is None else label for label in group.labels]
        said = " x ".join(words) or WORDS["everybody"][at]
        return f"{said} [{WORDS[group.hidden][at]}]" if group.hidden else said + (" *" if group.reference else "")

    def text(self, lang: str = "id") -> str:
        """Write it in Indonesian or English; `*` marks the group that others are held against."""
        of = language(lang)
        return "\n".join(
            [f"{TITLE[of]}: {self.policy} {self.decision}", *plain(self._said(of), of), *self.cautions(of)]
        )

    def __str__(self) -> str:
        """Write it in Indonesian."""
        return self.text()

    def to_html(self, lang: str = "id") -> str:
        """Write it as a fragment of HTML."""
        of = language(lang)
        return html(f"{TITLE[of]}: {self.policy} {self.decision}", self._said(of), self.cautions(of), of)

    def _repr_html_(self) -> str:
        return self.to_html()


BANDS_CAUTION: Final = 2


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _plain(value: Any) -> Any:  # noqa: ANN401 - a cell
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else str(value)
    return value
