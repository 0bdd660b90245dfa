"""Spreadsheets: templates to fill in, and what comes back, read with suspicion.

A kind of record that can be imported says so with an `Importer` registered in its `AppConfig.ready()`: its columns and one
function that takes a row through the same form as a page does. Everything else is here: reading xlsx, ods and CSV, naming bad
cells, all or nothing in one transaction, the dry run, the template.
"""

from jirani.core.sandbox import MOST_BYTES, MOST_ROWS

from .columns import MOST_FAULTS, Column, Fault, Row, letter, pack_rows, unpack_rows
from .importing import (
    BadRow,
    Change,
    Difference,
    Importer,
    Outcome,
    Result,
    bring_in,
    bring_in_rows,
    importer,
    register_importer,
)
from .reading import BadSheet, Reading, read_sheet
from .templates import write_template_csv, write_template_xlsx

__all__ = [
    "MOST_BYTES",
    "MOST_FAULTS",
    "MOST_ROWS",
    "BadRow",
    "BadSheet",
    "Change",
    "Column",
    "Difference",
    "Fault",
    "Importer",
    "Outcome",
    "Reading",
    "Result",
    "Row",
    "bring_in",
    "bring_in_rows",
    "importer",
    "letter",
    "pack_rows",
    "read_sheet",
    "register_importer",
    "unpack_rows",
    "write_template_csv",
    "write_template_xlsx",
]
