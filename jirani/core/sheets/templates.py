"""Templates to fill in: CSV, and xlsx with hints and lists to choose from."""

import csv
import io
import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from jirani.core.sandbox import MOST_ROWS

from .columns import REMARK, Column, letter
from .importing import Importer


def write_template_csv(importer: Importer) -> bytes:
    """Headings, a row of hints and a row of examples, both marked as remarks that the import passes over."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([str(column.title) for column in importer.columns])
    for line in (_hints(importer.columns), _examples(importer.columns)):
        writer.writerow([f"{REMARK} {line[0]}", *line[1:]])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _hints(columns: Sequence[Column]) -> list[str]:
    needed = _("Needed.")
    return [f"{column.hint} {needed}" if column.required else str(column.hint) for column in columns]


def _examples(columns: Sequence[Column]) -> list[str]:
    return [str(column.example) for column in columns]


def write_template_xlsx(importer: Importer, *, rtl: bool = False) -> bytes:
    """A sheet to fill in, with lists to choose from, and a sheet that explains every column and its allowed values."""
    from openpyxl import Workbook

    book = Workbook()
    sheet: Any = book.active
    sheet.title = _tab(str(importer.title))
    sheet.sheet_view.rightToLeft = rtl
    lines = [[str(column.title) for column in importer.columns]]
    lines += [[f"{REMARK} {line[0]}", *line[1:]] for line in (_hints(importer.columns), _examples(importer.columns))]
    for line in lines:
        sheet.append(line)
    for place, column in enumerate(importer.columns):
        _dress(sheet, place, column)
    sheet.freeze_panes = "B2"
    _explain(book.create_sheet(_tab(_("How to fill it in"))), importer.columns, rtl=rtl)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _tab(name: str) -> str:
    # What Excel does not allow in the name of a sheet, and the length that it does.
    return re.sub(r"[\[\]:*?/\\]", " ", name)[:31]


def _dress(sheet: Any, place: int, column: Column) -> None:
    """Write one column's heading, hint and example, with a drop-down list if the values are few. Cells are formatted as text, so that nothing is calculated."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.datavalidation import DataValidation

    name = letter(place)
    quiet, top = Font(italic=True, color="666666"), Alignment(wrap_text=True, vertical="top")
    sheet[f"{name}1"].font = Font(bold=True)
    for row in (2, 3):
        sheet[f"{name}{row}"].font, sheet[f"{name}{row}"].alignment = quiet, top
    sheet.column_dimensions[name].width = 24
    for row in range(4, 204):
        sheet[f"{name}{row}"].number_format = "@"
    words = [word for word, _meaning in column.allowed()] if column.allowed else []
    listed = ",".join(words)
    if words and len(listed) <= 250 and '"' not in listed:
        choice = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=False)
        sheet.add_data_validation(choice)
        choice.add(f"{name}4:{name}{MOST_ROWS}")


def _explain(sheet: Any, columns: Sequence[Column], *, rtl: bool) -> None:
    from openpyxl.styles import Alignment, Font

    sheet.sheet_view.rightToLeft = rtl
    sheet.append([_("Column"), _("What goes into it"), _("Example"), _("Allowed values")])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column in columns:
        pairs = list(column.allowed()) if column.allowed else []
        said = "\n".join(word if word == meaning else f"{word}: {meaning}" for word, meaning in pairs[:60])
        sheet.append([str(column.title), *_hints([column]), str(column.example), said])
    for name, width in zip("ABCD", (28, 60, 24, 44), strict=True):
        sheet.column_dimensions[name].width = width
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
