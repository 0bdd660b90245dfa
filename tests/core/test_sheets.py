"""Spreadsheets as people send them: whatever wrote them, whatever they look like; and files that were made to hurt."""

import pytest

from jirani.bench.sheet_files import FILES, MAIN, ods, ods_row, workbook
from jirani.core.sandbox import NotRead, Task, read_apart, running
from jirani.core.sandbox.bounds import MOST_TAGS
from jirani.core.sheets import MOST_FAULTS, BadSheet, Column, Reading, read_sheet

COLUMNS = tuple(Column(name.lower(), name, "", required=True) for name in ("Name", "Kind", "Country"))
HEAD = ("Name", "Kind", "Country")


def lines(reading: Reading) -> list[tuple[int, str, str, str]]:
    """Number and cells of each row."""
    return [(row.number, row.values["name"], row.values["kind"], row.values["country"]) for row in reading.rows]


def faults(reading: Reading) -> list[tuple[int, str, str, str]]:
    """Place, value and sentence of each bad cell."""
    return [(fault.row, fault.letter, fault.value, fault.expected) for fault in reading.faults]


def read(content: bytes) -> Reading:
    return read_sheet(content, COLUMNS)


def row(number: int, *cells: str, attributes: str = "") -> str:
    """Make a row of SpreadsheetML; a cell is a text or an element."""
    told = (
        cell if cell.startswith("<") else f'<c t="inlineStr"><is><t>{cell}</t></is></c>' if cell else "<c/>"
        for cell in cells
    )
    return f'<row r="{number}"{attributes}>{"".join(told)}</row>'


# ── What people send ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_of_several_sheets_the_visible_one_with_the_headings_is_read_and_named() -> None:
    from openpyxl import Workbook

    book = Workbook()
    old, notes, members = book.worksheets[0], book.create_sheet("Notes"), book.create_sheet("Wanachama ⟨2026⟩")
    old.title, old.sheet_state = "Old", "hidden"
    for sheet, name in ((old, "Gone"), (members, "Kwale")):
        sheet.append(HEAD)
        sheet.append((name, "county", "KE"))
    notes.append(("Name", "What it is about"))

    reading = read(_saved(book))
    assert (reading.sheet, lines(reading)) == ("Wanachama ⟨2026⟩", [(2, "Kwale", "county", "KE")])

    members.sheet_state = "veryHidden"
    with pytest.raises(BadSheet, match="Missing: Kind, Country"):
        read(_saved(book))


def test_a_title_may_stand_above_the_headings() -> None:
    sheet = (
        row(1, "Members of the network, 2026")
        + row(2, "Name, as of", "May")
        + row(4, *HEAD)
        + row(5, "Kwale", "county", "KE")
    )
    book = workbook(more={"xl/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{sheet}</sheetData></worksheet>'})
    reading = read(book)
    assert (lines(reading), faults(reading)) == ([(5, "Kwale", "county", "KE")], [])


def _saved(book: object) -> bytes:
    import io

    out = io.BytesIO()
    book.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


@pytest.mark.parametrize(
    "styles",
    [
        "<styleSheet/>",
        '<styleSheet><fills count="1"><fill/></fills><cellXfs><xf fillId="0"/></cellXfs></styleSheet>',
        '<styleSheet><fonts><font><family val="99"/></font></fonts><cellXfs><xf fontId="7" borderId="9"/></cellXfs></styleSheet>',
        '<x:styleSheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:colors/></x:styleSheet>',
    ],
)
def test_looks_do_not_matter(styles: str) -> None:
    reading = read(workbook(row(2, "Kwale", "county", "KE"), more={"xl/styles.xml": styles}))
    assert lines(reading) == [(2, "Kwale", "county", "KE")]


def test_what_a_cell_says_is_what_it_was_reckoned_to() -> None:
    reading = read(
        workbook(
            row(2, '<c t="str"><f>"Kw"&amp;"ale"</f><v>Kwale</v></c>', '<c t="str"><f>IF(1,"")</f><v></v></c>', "KE")
            + row(3, "<c><f>A2</f></c>", "county", "KE")
            + row(4, "Lamu", '<c t="e"><v>#REF!</v></c>', "KE")
            + row(5, "=HYPERLINK(1)", "county", "KE")
        )
    )
    assert lines(reading) == [(2, "Kwale", "", "KE")]
    assert faults(reading) == [
        (3, "A", "=A2", "Enter a value, not a formula."),
        (4, "B", "#REF!", "Enter a value: the cell holds an error."),
        (5, "A", "=HYPERLINK(1)", "Enter a value, not a formula."),
    ]


FORMATS = (
    '<numFmt numFmtId="164" formatCode="mmmm\\ yyyy"/><numFmt numFmtId="165" formatCode="yyyy"/>'
    '<numFmt numFmtId="166" formatCode="[$-409]d\\-mmm\\-yy;@"/><numFmt numFmtId="167" formatCode="0.0%"/>'
)
STYLED = {
    "xl/styles.xml": f"<styleSheet><numFmts>{FORMATS}</numFmts><cellXfs>"
    + "".join(f'<xf numFmtId="{number}" applyNumberFormat="1"/>' for number in (0, 164, 165, 166, 167, 17, 14))
    + "</cellXfs></styleSheet>"
}


@pytest.mark.parametrize(
    ("style", "value", "text"),
    [
        (1, "44256", "2021-03"),
        (2, "44256", "2021"),
        (3, "44256", "2021-03-01"),
        (5, "44256", "2021-03"),
        (6, "44256.75", "2021-03-01"),
        (4, "0.255", "0.255"),
        (0, "0.30000000000000004", "0.3"),
        (0, "-4.0547000000000004", "-4.0547"),
        (0, "1208333", "1208333"),
        (0, "1208333.0", "1208333"),
    ],
)
def test_numbers_and_dates_are_what_the_cell_shows_of_them(style: int, value: str, text: str) -> None:
    line = row(2, f'<c s="{style}"><v>{value}</v></c>', "county", "KE")
    assert lines(read(workbook(line, more=STYLED))) == [(2, text, "county", "KE")]


def test_dates_counted_from_1904_are_those_that_were_meant() -> None:
    line = row(2, '<c s="6"><v>42794</v></c>', "county", "KE")
    book = workbook(
        line, more=STYLED, book='<sheet name="a" sheetId="1" r:id="r1"/></sheets><workbookPr date1904="1"/><sheets>'
    )
    assert lines(read(book)) == [(2, "2021-03-01", "county", "KE")]


def test_hidden_rows_are_read_and_merged_cells_say_it_once() -> None:
    sheet = row(3, "Kwale", "county", "KE", attributes=' hidden="1"') + row(9, "", "county", "KE")
    merged = f"{sheet}</sheetData><mergeCells><mergeCell ref='A3:A9'/></mergeCells><sheetData>"
    assert lines(read(workbook(merged))) == [(3, "Kwale", "county", "KE"), (9, "", "county", "KE")]


TABLE = "Name;Kind;Country\nSaint-Étienne;city;FR\nGüneş, «Şişli»;city;TR\n"
ARABIC = "Name,Kind,Country\nالقاهرة,city,EG\nدمياط الجديدة,city,EG\n"
LATIN_ROWS = [(2, "Saint-Étienne", "city", "FR"), (3, "Güneş, «Şişli»", "city", "TR")]
ARABIC_ROWS = [(2, "القاهرة", "city", "EG"), (3, "دمياط الجديدة", "city", "EG")]
WESTERN = "Name;Kind;Country\nSaint-Étienne;city;FR\nCórdoba «Sur»;city;AR\n"
WESTERN_ROWS = [(2, "Saint-Étienne", "city", "FR"), (3, "Córdoba «Sur»", "city", "AR")]


@pytest.mark.parametrize(
    ("content", "rows", "encoding"),
    [
        (TABLE.encode(), LATIN_ROWS, ""),
        (TABLE.encode("utf-8-sig"), LATIN_ROWS, ""),
        (TABLE.encode("utf-16"), LATIN_ROWS, ""),
        (b"\xfe\xff" + TABLE.encode("utf-16-be"), LATIN_ROWS, ""),
        (TABLE.replace("\n", "\r\n").encode(), LATIN_ROWS, ""),
        (TABLE.replace("\n", "\r").encode(), LATIN_ROWS, ""),
        (TABLE.replace(";", "\t").encode(), LATIN_ROWS, ""),
        (TABLE.replace(";", "|").encode(), LATIN_ROWS, ""),
        (WESTERN.encode("cp1252"), WESTERN_ROWS, "windows-1252"),
        (ARABIC.encode("cp1256"), ARABIC_ROWS, "windows-1256"),
        (ARABIC.encode(), ARABIC_ROWS, ""),
    ],
)
def test_csv_is_read_in_the_encoding_and_with_the_separator_it_came_in(
    content: bytes, rows: list[tuple[int, str, str, str]], encoding: str
) -> None:
    reading = read(content)
    assert (lines(reading), reading.encoding) == (rows, encoding)


@pytest.mark.parametrize(
    "before",
    [
        '"# Written by hand, by us, for you, in May";;\n',
        "# a,b,c,d,e,f\n",
        '"#, ""quoted"", twice"\n\n',
        "\ufeff\n;;\n",
        "sep=;\n",
    ],
)
def test_remarks_do_not_tell_the_separator(before: str) -> None:
    reading = read((before + "Name;Kind;Country\nKwale;county;KE\n").encode())
    assert [line[1:] for line in lines(reading)] == [("Kwale", "county", "KE")]


MONTH = (
    '<number:date-style style:name="N1"><number:month/><number:year/></number:date-style>'
    '<style:style style:name="ce1" style:family="table-cell" style:data-style-name="N1"/>'
)


def test_ods_is_read_like_xlsx() -> None:
    def cell(text: str, attributes: str) -> str:
        return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"

    def table_row(*cells: str) -> str:
        return f"<table:table-row>{''.join(cells)}</table:table-row>"

    date = 'office:value-type="date" office:date-value="2021-03-01"'
    text = 'office:value-type="string"'
    table = (
        '<table:table-column table:number-columns-repeated="2"/><table:table-column table:default-cell-style-name="ce1"/>'
        + ods_row(*HEAD)
        + '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
        + ods_row("Kwale", "county", "KE", repeated=2)
        + table_row(cell("March", f'{date} table:style-name="ce1"'), cell("Monday", date), cell("March", date))
        + table_row(cell("", 'table:formula="of:=[.A1]"'), cell("county", text), cell("KE", text))
        + table_row(
            cell("Lamu", text),
            cell("#REF!", f'table:formula="of:=[.A1]" {text} calcext:value-type="error"'),
            cell("3", 'table:formula="of:=1+2" office:value-type="float" office:value="3"'),
        )
        + '<table:table-row table:number-rows-repeated="1048566"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    reading = read(ods(table, styles=MONTH))
    assert (reading.sheet, lines(reading)) == (
        "Members",
        [(5, "Kwale", "county", "KE"), (6, "Kwale", "county", "KE"), (7, "2021-03", "2021-03-01", "2021-03")],
    )
    assert faults(reading) == [
        (8, "A", "=[.A1]", "Enter a value, not a formula."),
        (9, "B", "#REF!", "Enter a value: the cell holds an error."),
    ]


def test_after_a_hundred_bad_cells_the_rest_is_not_looked_at() -> None:
    reading = read(workbook("".join(row(number, *["<c><f>1+1</f></c>"] * 3) for number in range(2, 500))))
    assert (len(reading.faults), reading.faults[-1].row) == (102, 35)
    assert len(reading.faults) - 3 < MOST_FAULTS


# ── What was made to hurt ───────────────────────────────────────────────────────────────────────────────────────────────

DAMAGED = [
    name
    for name in FILES
    if name.endswith("damaged")
    or name.startswith(("broken off", "a wrong", "XML", "an unknown", "noise", "entities", "no "))
]


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_is_a_sentence(name: str) -> None:
    with pytest.raises(BadSheet) as refused:
        read(FILES[name]())
    assert str(refused.value).endswith((".xlsx.", "(UTF-8)."))


@pytest.mark.sweep
@pytest.mark.parametrize("name", [name for name in FILES if name not in DAMAGED])
def test_a_hostile_file_is_read_or_refused_with_a_sentence(name: str) -> None:
    try:
        said = [fault.expected for fault in read(FILES[name]()).faults]
    except BadSheet as refused:
        said = [str(refused)]
    assert [sentence[-1] for sentence in said] == ["."] * len(said)
    assert len(said) <= MOST_FAULTS + len(COLUMNS)


def test_what_takes_too_much_memory_ends_with_the_child() -> None:
    cells = '<c t="s"><v>3</v></c>' * 40
    hungry = workbook(
        "".join(f'<row r="{number}">{cells}</row>' for number in range(2, 3000)),
        texts="<si><t>Name</t></si>" * 3 + f"<si><t>{'x' * 30_000}</t></si>",
    )
    assert len(hungry) < 30_000
    with pytest.raises(NotRead, match="limit"):
        read_apart(Task.SHEETS, hungry)
    assert lines(read(workbook(row(2, "Kwale", "county", "KE")))) == [(2, "Kwale", "county", "KE")]


def test_more_tags_than_a_full_sheet_has_are_refused_before_they_are_read() -> None:
    """Millions of them pack into a few kilobytes, and each takes time."""
    cells = f'<row r="2">{"<c/>" * MOST_TAGS}</row>'
    crowded = workbook(cells)
    assert len(crowded) < 30_000
    with pytest.raises(BadSheet, match=r"^The spreadsheet holds too many cells\."):
        read(crowded)


def test_three_at_a_time_and_the_fourth_is_asked_to_come_back() -> None:
    content = workbook(row(2, "Kwale", "county", "KE"))
    for _ in range(3):
        assert running._PRESENT.acquire(blocking=False)
    try:
        with pytest.raises(BadSheet, match="Send this one again in a minute"):
            read(content)
    finally:
        for _ in range(3):
            running._PRESENT.release()
    assert len(lines(read(content))) == 1
