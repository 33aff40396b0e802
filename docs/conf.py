"""Sphinx settings. Build with `python tools/check.py docs`; a warning is an error there."""

project = "asnmerit"
author = "The asnmerit developers"
project_copyright = "The asnmerit developers"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
master_doc = "index"

myst_enable_extensions = ["deflist", "colon_fence"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
default_role = "code"

html_theme = "furo"
html_title = "asnmerit"
