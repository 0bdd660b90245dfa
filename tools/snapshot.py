"""Write what all migrations make of an empty database, for a quick first start (jirani/server/snapshot.py).

make snapshot
"""

import sys

import django

from jirani.server.snapshot import FILE, write
from tests.database import migrated_from_zero


def main() -> None:
    """Run the migrations in a database that goes afterwards, and write down what they made."""
    with migrated_from_zero("snapshot") as url:
        django.setup()
        write(url)
    sys.stdout.write(f"Wrote {FILE} ({FILE.stat().st_size // 1024} kB).\n")


if __name__ == "__main__":
    main()
