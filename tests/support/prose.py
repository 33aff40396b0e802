"""The prose of a notebook against what its cells compute: a number that nothing backs is a fault."""

import json
import re
from pathlib import Path

NUMBER = re.compile(r"\d(?:[\d.,/]*\d)?")
LINK = re.compile(r"\]\([^)\s]*\)|https?://\S+")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


class Prose:
    """The text cells of a notebook. A claim is a piece of text made of computed values; it must stand there as made."""

    def __init__(self, markdown, code=""):
        self.text = _flat(FENCE.sub("", LINK.sub("]", markdown)))
        # A single digit stands in any code, and proves nothing.
        self.written = {found for found in NUMBER.findall(code.replace("_", "")) if len(found) > 1}
        self.backed = [False] * len(self.text)
        self.claims = 0
        self.faults = []

    @classmethod
    def of(cls, path):
        """Read a notebook."""
        cells = json.loads(Path(path).read_text(encoding="utf-8"))["cells"]
        kinds = {kind: ["".join(c["source"]) for c in cells if c["cell_type"] == kind] for kind in ("markdown", "code")}
        return cls("\n\n".join(kinds["markdown"]), "\n\n".join(kinds["code"]))

    def says(self, claim):
        """Hold the text to a claim that was made of computed values."""
        assert NUMBER.search(claim), f"a claim without a number proves nothing: {claim!r}"
        self._back(claim)
        self.claims += 1

    def cites(self, words):
        """Let a number stand that is no figure: an article, a year of a law, a place in a list."""
        self._back(words)

    def _back(self, words):
        places = [m.span() for m in re.finditer(_bounded(_flat(words)), self.text)]
        if not places:
            self.faults.append(f"the text does not say {words!r}")
        for start, end in places:
            self.backed[start:end] = [True] * (end - start)

    def unbacked(self):
        """Give the numbers in the text that no claim covers and that no code cell has as written, with their line."""
        return [
            f"{m[0]} in ...{self.text[max(0, m.start() - 50) : m.end() + 30]}..."
            for m in NUMBER.finditer(self.text)
            if not all(self.backed[m.start() : m.end()]) and m[0].replace(",", "") not in self.written
        ]

    def close(self):
        """Fail, all at once: what the text does not say, numbers that nothing backs, or nothing claimed at all."""
        assert self.claims, "not one number of the text was checked"
        found = [*self.faults, *(f"nothing computes {number}" for number in self.unbacked())]
        assert not found, "\n".join(found)


def _flat(text):
    """Text as it is read: emphasis and line ends are not part of it."""
    return re.sub(r"\s+", " ", text.replace("*", "").replace("`", ""))


def _bounded(words):
    """Match words, and never the inside of a longer number."""
    begins = r"(?<![\d.,])" if words[0].isdigit() else ""
    ends = r"(?![.,/]?\d)" if words[-1].isdigit() else ""
    return begins + re.escape(words) + ends
