"""Sphinx settings. Build with `python tools/check.py docs`; a warning is an error there."""

import os
import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

DOCS = Path(__file__).resolve().parent

project = "asnmerit"
author = "The asnmerit developers"
project_copyright = "The asnmerit developers"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
]
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb"}
exclude_patterns = ["_build"]
master_doc = "index"

myst_enable_extensions = ["deflist", "colon_fence"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
default_role = "code"
smartquotes = False  # `--on` is an option, and no dash

html_theme = "furo"
html_title = "asnmerit"
html_static_path = ["_static"]
html_css_files = ["site.css", "notebooks.css"]

# Notebooks hold no outputs: each build executes them, with the library of this folder, and a failing cell fails it.
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_show_tb = True
nb_execution_timeout = 300
nb_execution_excludepatterns = ["_build/*"]
nb_output_stderr = "warn"
nb_merge_streams = True
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(DOCS.parent), os.environ.get("PYTHONPATH")]))
os.environ["PYTHONSTARTUP"] = str(DOCS / "kernel_startup.py")
os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"

ELSEWHERE = re.compile(r"<(?:script|link|img)\b[^>]*(?:src|href)=\"(?:https?:)?//[^\"]*|cdn\.jsdelivr\.net[^\"']*")


def stays_offline(app: Sphinx, failed: Exception | None) -> None:
    """Fail the build where a page would load anything from elsewhere: without network it would stay empty."""
    if failed is not None or app.builder.format != "html":
        return
    pages = ((page, ELSEWHERE.search(page.read_text(encoding="utf-8"))) for page in Path(app.outdir).rglob("*.html"))
    found = [f"{page.relative_to(app.outdir)}: {loads[0]}" for page, loads in pages if loads]
    if found:
        raise ExtensionError("these pages load from elsewhere:\n" + "\n".join(found))


def setup(app: Sphinx) -> None:
    """Hook the check in."""
    app.connect("build-finished", stays_offline)
