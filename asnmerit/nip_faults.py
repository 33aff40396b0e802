"""What can be wrong with an employee number: codes and their texts, in Indonesian and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import attrs

Language = Literal["id", "en"]
Kind = Literal["refusal", "doubt", "repair"]
LONGEST_SHOWN: Final = 20


@attrs.frozen
class NipFault:
    """One thing said of an employee number: `refusal` (it is none), `doubt`, or `repair` (read after mending).

    >>> print(fault("nip-date", "19900230").text("en"))
    the birth-date digits are not a date: 19900230 [nip-date]
    """

    code: str
    value: str = ""
    expected: str = ""

    @property
    def kind(self) -> Kind:
        """`refusal`, `doubt` or `repair`."""
        return CATALOGUE[self.code][0]

    def text(self, lang: Language = "en") -> str:
        """Say it on one line, with the code."""
        said = CATALOGUE[self.code][1 if lang == "id" else 2].format(value=self.value, expected=self.expected)
        return f"{said} [{self.code}]"

    def __str__(self) -> str:
        """The English text."""
        return self.text("en")


CATALOGUE: Final[Mapping[str, tuple[Kind, str, str]]] = {
    "nip-not-text": (
        "refusal",
        "NIP harus teks, bukan {value}: angka kehilangan digit",
        "a NIP is text, not {value}: numbers lose digits",
    ),
    "nip-lost-digits": (
        "refusal",
        "NIP tersimpan sebagai angka dan kehilangan digit: ekspor ulang dengan kolom bertipe teks",
        "the NIP was stored as a number and has lost digits: export again with the column as text",
    ),
    "nip-characters": (
        "refusal",
        "NIP memuat karakter selain angka 0-9",
        "the NIP holds characters other than the digits 0-9",
    ),
    "nip-length": ("refusal", "NIP harus 18 angka, bukan {value}", "a NIP has 18 digits, not {value}"),
    "nip-date": (
        "refusal",
        "digit tanggal lahir bukan tanggal: {value}",
        "the birth-date digits are not a date: {value}",
    ),
    "nip-year": (
        "refusal",
        "digit tahun pengangkatan bukan tahun: {value}",
        "the digits of the year of appointment are not a year: {value}",
    ),
    "nip-month": (
        "refusal",
        "digit bulan pengangkatan harus 01-12 (PNS), atau 21-29 bagi PPPK, bukan {value}",
        "the month of appointment must be 01-12 (PNS), or 21-29 for a PPPK, not {value}",
    ),
    "nip-frequency": (
        "refusal",
        "frekuensi pengangkatan PPPK harus 21-29, bukan {value} (format PPPK dari ingatan, belum diverifikasi)",
        "the frequency of a PPPK must be 21-29, not {value} (the PPPK format is from memory, unverified)",
    ),
    "nip-sex-digit": (
        "refusal",
        "digit jenis kelamin harus 1 atau 2, bukan {value}",
        "the sex digit must be 1 or 2, not {value}",
    ),
    "nip-serial": (
        "refusal",
        "nomor urut mulai dari 001; 000 juga jejak NIP yang tersimpan sebagai angka",
        "serials begin at 001; 000 is also the trace of a NIP stored as a number",
    ),
    "nip-birth-future": ("doubt", "tanggal lahir di masa depan: {value}", "the birth date is in the future: {value}"),
    "nip-old": ("doubt", "usia {value} tahun, lebih dari {expected}", "{value} years old, more than {expected}"),
    "nip-entry-future": (
        "doubt",
        "pengangkatan {value} sesudah {expected}",
        "the appointment, {value}, is after {expected}",
    ),
    "nip-young-at-entry": (
        "doubt",
        "usia {value} tahun saat diangkat, kurang dari {expected}",
        "{value} years old at entry, less than {expected}",
    ),
    "nip-old-at-entry": (
        "doubt",
        "usia {value} tahun saat diangkat, lebih dari {expected}",
        "{value} years old at entry, more than {expected}",
    ),
    "nip-birth-date": (
        "doubt",
        "tanggal lahir {value} berbeda dari NIP ({expected})",
        "the birth date {value} differs from the NIP ({expected})",
    ),
    "nip-appointment": (
        "doubt",
        "TMT CPNS {value} berbeda dari NIP ({expected})",
        "the appointment {value} differs from the NIP ({expected})",
    ),
    "nip-sex": (
        "doubt",
        "jenis kelamin {value} berbeda dari NIP ({expected})",
        "the sex {value} differs from the NIP ({expected})",
    ),
    "nip-employment": (
        "doubt",
        "jenis ASN {value} berbeda dari NIP ({expected})",
        "the employment {value} differs from the NIP ({expected})",
    ),
    "nip-apostrophe": ("repair", "apostrof di depan dibuang", "a leading apostrophe was taken off"),
    "nip-spaces": ("repair", "spasi dibuang", "spaces were taken off"),
}


def fault(code: str, value: str = "", expected: str = "") -> NipFault:
    """Make a fault, its value cut short.

    >>> fault("nip-length", "17").kind
    'refusal'
    """
    return NipFault(code, value[:LONGEST_SHOWN], expected)
