"""Reading sheets: cells and faults keep their text and their position, in both formats."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jirani.core.sheets import BadSheet, Column, letter, pack_rows, read_sheet, unpack_rows

from ..facts import as_csv, as_xlsx

COLUMNS = tuple(Column(name, name.capitalize(), "", required=name == "first") for name in ("first", "second", "third"))

words = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=20)


def shown(text: str) -> str:
    """Return a cell's text as the reader stores it."""
    import unicodedata

    return unicodedata.normalize("NFC", " ".join(text.split()))


@given(st.lists(st.tuples(words, words, words), max_size=6), st.sampled_from([as_csv, as_xlsx]))
@settings(max_examples=25, deadline=None)
def test_cells_come_back_and_formulas_are_named_where_they_stand(
    lines: list[tuple[str, str, str]], write: type
) -> None:
    content = write([list(line) for line in lines], ["First", "Second", "Third"])
    reading = read_sheet(content, COLUMNS)
    rows, faults = reading.rows, reading.faults

    read = [(number, [shown(text) for text in line]) for number, line in enumerate(lines, start=2)]
    read = [(number, line) for number, line in read if any(line) and not line[0].startswith("#")]
    bad = [
        (number, letter(place), text)
        for number, line in read
        for place, text in enumerate(line)
        if text.startswith("=")
    ]
    assert [(fault.row, fault.letter, fault.value) for fault in faults] == bad
    good = [(number, line) for number, line in read if not any(text.startswith("=") for text in line)]
    assert [(row.number, list(row.values.values())) for row in rows] == good
    assert unpack_rows(pack_rows(rows)) == rows


@given(st.binary(max_size=300))
@settings(max_examples=25, deadline=None)
def test_no_file_makes_the_reader_stumble(content: bytes) -> None:
    try:
        rows = read_sheet(content, COLUMNS).rows
    except BadSheet:
        return
    assert all(row.number > 1 for row in rows)


@pytest.mark.parametrize(
    ("place", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
)
def test_letters_of_columns(place: int, name: str) -> None:
    assert letter(place) == name


def book(shared: str, sheet: str) -> bytes:
    """Build a workbook with one sheet from the given parts."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packed = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{packed}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        + "".join(
            f'<Override PartName="/xl/{name}.xml" ContentType="{kinds}.{kind}+xml"/>'
            for name, kind in (("workbook", "sheet.main"), ("sheet1", "worksheet"), ("sharedStrings", "sharedStrings"))
        )
        + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{packed}/relationships"><Relationship Id="r1" '
        f'Type="{links}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{links}"><sheets><sheet name="a" sheetId="1" r:id="r1"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{packed}/relationships"><Relationship Id="r1" '
        f'Type="{links}/worksheet" Target="sheet1.xml"/><Relationship Id="r2" Type="{links}/sharedStrings" '
        'Target="sharedStrings.xml"/></Relationships>',
        "xl/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{shared}</sst>',
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return content.getvalue()


HEAD = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'


def test_a_small_file_of_very_many_texts_is_refused_before_it_is_read() -> None:
    line = '<row r="2"><c r="A2" t="s"><v>1</v></c></row>'
    rows = read_sheet(book("<si><t>First</t></si><si><t>a</t></si>", HEAD + line), COLUMNS).rows
    assert [row.values["first"] for row in rows] == ["a"]

    for full in (
        book("<si><t>First</t></si>" * 300_000, HEAD),
        book("<si><t>First</t></si>", HEAD + "<c/>" * 1_000_000),
    ):
        assert len(full) < 100_000
        with pytest.raises(BadSheet, match="too many cells"):
            read_sheet(full, COLUMNS)


def test_a_text_that_every_cell_shares_is_read_once() -> None:
    long = "word " * 900
    cells = "".join(
        f'<row r="{row}">' + '<c t="s"><v>1</v></c>' * 20 + "</row>" for row in range(2, 2_002)
    )  # 40 000 cells of 4500 characters: minutes, were each cleaned anew, and the child has seconds
    rows = read_sheet(book(f"<si><t>First</t></si><si><t>{long}</t></si>", HEAD + cells), COLUMNS).rows
    assert {row.values["first"] for row in rows} == {long.strip()}
    assert len(rows) == 2_000
