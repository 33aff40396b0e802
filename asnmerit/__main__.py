"""`python -m asnmerit` is the command `asnmerit`."""

from asnmerit.cli import main

if __name__ == "__main__":
    main(prog_name="asnmerit")
