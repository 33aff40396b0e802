"""The answers of the SIASN service as data: envelopes, histories (riwayat) and the entries in them.

The keys of an entry are found whatever their capitals, under the names of reading and of writing, misspelt ones
included. A value is text with the dirt taken off; objects such as `path` are passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import attrs

from asnmerit.readers.findings import CellRefusedError, Finding, shortened
from asnmerit.readers.siasn import cleaned
from asnmerit.readers.siasn_columns import named

MAIN: Final = "data-utama"
HISTORIES: Final = (
    *("rw-golongan", "rw-jabatan", "rw-angkakredit", "rw-skp", "rw-skp22", "rw-kinerjaperiodik", "rw-hukdis"),
    *("rw-pendidikan", "rw-diklat", "rw-kursus", "rw-penghargaan", "rw-masakerja"),
)
_BY_NAME: Final = {named(name): name for name in (MAIN, *HISTORIES)}
_ENVELOPE: Final = frozenset({"CODE", "DATA", "MESSAGE", "COUNT", "STATUS", "SUCCESS", "META", "TOTAL", "ERROR"})
PERSON_KEYS: Final = (
    *("idPns", "pnsId", "pnsOrangId", "pns", "pnsOrang", "pns_orang_id"),
    *("pnsDinilaiId", "pnsDinilaiOrang"),
)
# The keys of each thing that is read from an entry: as the service gives it, as it takes it, as it is misspelt.
KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "year": ("tahun",),
    "predicate": ("kuadranKinerjaNilai", "kuadranNilai", "kuadranKinerja"),
    "results": ("hasilKinerjaNilai", "hasilKinerja"),
    "behaviour": ("perilakuKerjaNilai", "perilakuKerja"),
    "period": ("periodikId",),
    "level": ("jenisTingkatHukumanId",),
    "kind_of_sanction": ("jenisHukuman",),
    "start": ("hukumanTanggal",),
    "end": ("akhirHukumTanggal", "akhirHukumanTanggal"),
    "years": ("masaTahun",),
    "months": ("masaBulan",),
    "cancelled_number": ("skPembatalanNomor",),
    "cancelled_date": ("skPembatalanTanggal",),
    "leadership": ("latihanStrukturalId",),
    "completed": ("tanggalSelesai", "tanggalSelesaiKursus"),
    "hours": ("jumlahJam",),
    "kind_of_course": ("jenisDiklatId",),
    "certificate_number": ("nomor", "noSertipikat", "nomorSertipikat"),
    "course": ("latihanStrukturalNama", "namaKursus"),
    "education": ("tkPendidikanId", "tkPendidikanNama"),
    "graduated": ("tglLulus",),
    "graduation_year": ("tahunLulus",),
    "first_education": ("isPendidikanPertama",),
    "credit": ("kreditBaruTotal",),
    "credit_year": ("tahunSelesaiPenailan", "tahunSelesaiPenilaian"),
    "credit_month": ("bulanSelesaiPenailan", "bulanSelesaiPenilaian"),
    "conversion": ("isKonversi",),
    "award": ("hargaId", "hargaNama"),
    "rank": ("golonganId", "golongan"),
    "rank_date": ("tmtGolongan",),
    "position_date": ("tmtJabatan",),
    "assignment": ("jenisPenugasanId",),
}


@attrs.frozen
class Entry:
    """One entry of a history; `place` names it in findings, such as `rw-skp22[2]`."""

    place: str
    values: Mapping[str, str]

    def texts(self, thing: str) -> list[tuple[str, str]]:
        """Give what stands under each of a thing's keys: the key, the text; what is empty is left out."""
        return [(key, text) for key in KEYS[thing] if (text := self.values.get(named(key), ""))]

    def text(self, thing: str) -> str:
        """Give what stands under the first key of a thing that holds anything.

        >>> Entry("rw-hukdis[1]", {"AKHIRHUKUMANTANGGAL": "01-01-2025"}).text("end")
        '01-01-2025'
        """
        return next((text for _, text in self.texts(thing)), "")

    def about(self, finding: Finding, thing: str = "") -> Finding:
        """Say where a finding belongs."""
        keys = [key for key, _ in self.texts(thing)] if thing else []
        key = f".{keys[0] if keys else KEYS[thing][0]}" if thing else ""
        return attrs.evolve(finding, column=self.place + key)


def history_name(key: str) -> str:
    """Give the history that a key names, whatever its capitals and marks.

    >>> history_name("rwSkp22"), history_name("data_utama"), history_name("rank")
    ('rw-skp22', 'data-utama', '')
    """
    return _BY_NAME.get(named(key), "")


def looks_like_person(value: object) -> bool:
    """Say whether an object holds a data-utama or histories, or is an envelope around one.

    >>> looks_like_person({"dataUtama": {}}), looks_like_person({"rank": "III/a"})
    (True, False)
    """
    inner = without_envelope(value)
    if isinstance(inner, list):
        return bool(inner) and all(looks_like_person(one) for one in inner[:1])
    return isinstance(inner, dict) and any(history_name(key) or named(key) == "NIPBARU" for key in inner)


def without_envelope(value: object) -> object:
    """Take the service's envelope off, if there is one.

    >>> without_envelope({"code": 1, "data": [1]}), without_envelope([1])
    ([1], [1])
    """
    if isinstance(value, dict) and (names := {named(key): key for key in value}):
        is_envelope = "DATA" in names and set(names) <= _ENVELOPE
        return value[names["DATA"]] if is_envelope else value
    return value


def as_text(value: object) -> str:
    """Give a value of the service as text; nothing for objects, lists and what means nothing.

    >>> as_text(" 31 "), as_text(True), as_text(None), as_text({"873": {}})
    ('31', '1', '', '')
    """
    if isinstance(value, bool):
        return "1" if value else "0"
    return "" if value is None or isinstance(value, dict | list) else cleaned(str(value))


def flat(value: Mapping[str, object], place: str) -> tuple[dict[str, str], list[Finding]]:
    """Give the values of an object by their keys without capitals; a key that is here twice and differs is left out.

    >>> flat({"tahun": "2024", "Tahun": "2023"}, "rw-skp22[1]")[0]
    {}
    """
    found: dict[str, str] = {}
    clashes: dict[str, str] = {}
    for key, inner in value.items():
        name, text = named(key), as_text(inner)
        if text and found.get(name) and found[name] != text:
            clashes[name] = key
        found[name] = found.get(name) or text
    told = [Finding("keys-disagree", f"{place}.{shortened(key)}") for key in clashes.values()]
    return {name: text for name, text in found.items() if name not in clashes}, told


def entries(name: str, value: object) -> tuple[list[Entry] | None, list[Finding]]:
    """Give the entries of a history; None where the service gave none at all, which is not the same as `[]`.

    >>> entries("rw-hukdis", {"code": 1, "data": []})[0], entries("rw-hukdis", {"code": 0, "data": "kosong"})[0]
    ([], None)
    """
    inner = without_envelope(value)
    if isinstance(inner, dict):
        inner = [inner]
    if not isinstance(inner, list):
        return None, [Finding("service-no-answer", name)]
    found: list[Entry] = []
    told: list[Finding] = []
    for number, one in enumerate(inner, start=1):
        place = f"{name}[{number}]"
        if not isinstance(one, dict):
            # What cannot be read may be a sanction: then the whole history says nothing.
            return None, [*told, Finding("entry-unread", place)]
        values, clashes = flat(one, place)
        found.append(Entry(place, values))
        told += clashes
    return found, told


def others(people: Iterable[Entry], person: str, number: str) -> Iterator[Finding]:
    """Find the entries that belong to another person than the one they stand with.

    >>> list(others([Entry("rw-skp22[1]", {"IDPNS": "A"})], "A", ""))
    []
    """
    for entry in people:
        ids = {entry.values.get(named(key), "") for key in PERSON_KEYS}
        numbers = {"".join(entry.values.get(key, "").split()) for key in ("NIPBARU", "NIP")}
        strange = (person and ids - {person, ""}) or (number and numbers - {number, ""})
        if strange:
            yield Finding("person-other", entry.place)


def refused(error: CellRefusedError) -> Finding:
    """Make a doubt of what would be a refusal in a table: one entry that cannot be read leaves its thing unknown."""
    found = error.finding
    return Finding("entry-unread", value=found.value, expected=found.expected, hint=found.hint)
