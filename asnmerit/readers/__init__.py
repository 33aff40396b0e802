"""Files of employees into records for `decide`: CSV, workbooks, SIASN exports and answers, JSON and JSON Lines.

Nothing is guessed in silence. What was repaired, what is doubtful and what is refused stands in the findings
of each row; a bad row never stops the rest.
"""

from asnmerit.readers.conventions import PLAIN, SIASN, Convention
from asnmerit.readers.excel import read_excel
from asnmerit.readers.findings import CATALOGUE, FileRefusedError, Finding, Words
from asnmerit.readers.jsonl import read_json, read_json_lines
from asnmerit.readers.layout import places
from asnmerit.readers.rows import Row
from asnmerit.readers.siasn_json import read_json_of_either_kind, read_siasn_json, siasn_person
from asnmerit.readers.tabular import Table, TableOptions, read_csv

__all__ = [
    "CATALOGUE",
    "PLAIN",
    "SIASN",
    "Convention",
    "FileRefusedError",
    "Finding",
    "Row",
    "Table",
    "TableOptions",
    "Words",
    "places",
    "read_csv",
    "read_excel",
    "read_json",
    "read_json_lines",
    "read_json_of_either_kind",
    "read_siasn_json",
    "siasn_person",
]
