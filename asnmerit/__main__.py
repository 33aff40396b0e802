"""The command `asnmerit`, and `python -m asnmerit`, which is the same."""

import sys

INTERRUPTED = 130


def start() -> None:
    """Run the command; whoever interrupts it, while it is still being loaded too, is told so on one line."""
    try:
        from asnmerit.cli import main  # noqa: PLC0415 - loading takes longest, and must be within this `try`

        main(prog_name="asnmerit")
    except KeyboardInterrupt:
        sys.stderr.write("asnmerit: interrupted\n")
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    start()
