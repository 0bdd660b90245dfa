"""`python -m jirani` is the `jirani` command."""

import sys

from jirani.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
