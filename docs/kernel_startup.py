"""What each kernel runs first when the documentation is built (`PYTHONSTARTUP`): pictures are shown as SVG.

Altair's own way loads its JavaScript from the network, so that the pages would stay empty without one. In a live
notebook nothing of this holds, and pictures are interactive.
"""

import altair

altair.renderers.enable("svg")
