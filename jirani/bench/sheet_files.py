"""Spreadsheets that are damaged, or made to hurt whoever reads them. Each was a public report about some reader, or could be one."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {"workbook": "sheet.main", "sheet1": "worksheet", "sharedStrings": "sharedStrings", "styles": "styles"}
ROW = '<row r="{0}"><c r="A{0}" t="s"><v>0</v></c><c r="B{0}" t="s"><v>1</v></c><c r="C{0}" t="s"><v>2</v></c></row>'
TEXTS = "".join(f"<si><t>{text}</t></si>" for text in ("Name", "Kind", "Country"))


def workbook(
    sheet: str = "",
    *,
    texts: str = TEXTS,
    formats: str = "",
    method: int = zipfile.ZIP_DEFLATED,
    more: Mapping[str, str | bytes] | None = None,
    book: str = '<sheet name="Members" sheetId="1" r:id="r1"/>',
) -> bytes:
    """Make an .xlsx of one sheet: a row of headings, then `sheet`; parts in `more` replace ours or are added."""
    kinds = "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="{_KINDS}.{kind}+xml"/>' for name, kind in _PARTS.items()
    )
    links = "".join(
        f'<Relationship Id="r{number}" Type="{LINKS}/{kind}" Target="{name}.xml"/>'
        for number, (name, kind) in enumerate(list(_PARTS.items())[1:], start=1)
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">{kinds}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{book}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
        "xl/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{ROW.format(1)}{sheet}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{texts}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts><cellXfs><xf numFmtId="0"/>'
        '<xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>',
    }
    return archive({**parts, **(more or {})}, method)


def archive(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as made:
        for name, part in parts.items():
            made.writestr(name, part)
    return content.getvalue()


def ods(table: str, *, styles: str = "", more: Mapping[str, str | bytes] | None = None, name: str = "Members") -> bytes:
    """Make an .ods of one table with the given rows."""
    names = ("office", "table", "text", "style", "number")
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{_URN.get(name, name)}:1.0"' for name in names
    )
    content = (
        f'<office:document-content {spaces} xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" '
        f'office:version="1.3"><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>'
        f'<table:table table:name="{name}">{table}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    return archive({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest, **(more or {})})


_URN = {"number": "datastyle"}


def ods_row(*texts: str, repeated: int = 1) -> str:
    """A row of texts."""
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in texts
    )
    return f'<table:table-row table:number-rows-repeated="{repeated}">{cells}</table:table-row>'


def _formats(length: int) -> bytes:
    """A number format of nothing but opening brackets: quadratic for a regular expression that looks for the closing one."""
    code = "[" * length
    cell = '<row r="2"><c r="A2" s="1"><v>44000</v></c></row>'
    return workbook(cell, formats=f'<numFmt numFmtId="164" formatCode="{code}"/>')


def _walk(texts: int, length: int, cells: int) -> bytes:
    """Cells that walk through long texts, so that none is met twice before all others were."""
    words = "".join(f"<si><t>é{n}{'x ' * (length // 2)}</t></si>" for n in range(texts))
    rows = "".join(
        f'<row r="{row + 2}">'
        + "".join(f'<c t="s"><v>{3 + (row * 10 + n) % texts}</v></c>' for n in range(10))
        + "</row>"
        for row in range(cells // 10)
    )
    return workbook(rows, texts=TEXTS + words)


def _damaged(part: bytes, *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Six bytes 0xff within the packed stream of the sheet."""
    rows = "".join(ROW.format(row) for row in range(2, 400))
    content = bytearray(workbook(rows, method=method))
    start = content.index(b"xl/sheet1.xml") + len("xl/sheet1.xml") + 40
    content[start : start + len(part)] = part
    return bytes(content)


def _crc() -> bytes:
    content = bytearray(workbook(ROW.format(2)))
    place = content.index(b"xl/sheet1.xml") - 30 + 14
    content[place : place + 4] = b"\1\2\3\4"
    place = content.rindex(b"xl/sheet1.xml") - 46 + 16
    content[place : place + 4] = b"\1\2\3\4"
    return bytes(content)


def _flagged(flag: int = 0, method: int | None = None) -> bytes:
    """Entries that say that they are encrypted, or packed by a method that nobody knows."""
    content = bytearray(workbook(ROW.format(2)))
    for signature, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = content.find(signature)
        while at >= 0:
            content[at + place] |= flag
            if method is not None:
                content[at + place + 2 : at + place + 4] = struct.pack("<H", method)
            at = content.find(signature, at + 4)
    return bytes(content)


def _overlapping() -> bytes:
    """Many entries that all unpack the same bytes (https://www.bamsoftware.com/hacks/zipbomb/)."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    body, size = packed.compress(bytes(5_000_000)) + packed.flush(), 5_000_000
    crc = zlib.crc32(bytes(size))
    head = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 0, crc, len(body), size, 15, 0) + b"xl/workbook.xml"
    central = b"".join(
        struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 8, 0, 0, crc, len(body), size, 15, 0, 0, 0, 0, 0, 0)
        + name.encode()
        for name in (f"xl/workbook.{n:03}" if n else "xl/workbook.xml" for n in range(400))
    )
    start = len(head) + len(body)
    return head + body + central + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 400, 400, len(central), start, 0)


LAUGHS = '<?xml version="1.0"?>{blank}<!DOCTYPE a [<!ENTITY a0 "ha">{entities}]><worksheet xmlns="{main}"><sheetData><row><c t="str"><v>&a30;</v></c></row></sheetData></worksheet>'


def _laughs(blank: str = "", encoding: str = "utf-8") -> bytes:
    entities = "".join(f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};">' for n in range(1, 31))
    text = LAUGHS.format(blank=blank, entities=entities, main=MAIN)
    return workbook(more={"xl/sheet1.xml": text.encode(encoding)})


def _cells(*cells: str) -> bytes:
    return workbook(f'<row r="2">{"".join(cells)}</row>')


MILLION = 1_000_000
_SHARED = '<c t="s"><v>3</v></c>'
FILES: dict[str, Callable[[], bytes]] = {
    "number format of 40,000 brackets": lambda: _formats(40_000),
    "number format of 240,000 brackets": lambda: _formats(240_000),
    "number format of 10 million brackets": lambda: _formats(10 * MILLION),
    "5,000 texts of 10,000 characters, 10,000 cells": lambda: _walk(5_000, 10_000, 10_000),
    "2,000 texts of 4,900 characters, 49,000 cells": lambda: _walk(2_000, 4_900, 49_000),
    "one text of 30 million characters": lambda: workbook(
        ROW.format(2), texts=f"{TEXTS}<si><t>{'x' * 30 * MILLION}</t></si>"
    ),
    "100,000 cells that share a text of 30,000 characters": lambda: workbook(
        "".join(f'<row r="{n}">{_SHARED * 50}</row>' for n in range(2, 2002)),
        texts=f"{TEXTS}<si><t>{'word ' * 6_000}</t></si>",
    ),
    "55 MB of spaces": lambda: workbook(" " * 55 * MILLION),
    "200 MB of zeros": lambda: workbook(more={"xl/bomb.bin": bytes(200 * MILLION)}),
    "400 entries that share their bytes": _overlapping,
    "60,000 entries": lambda: workbook(more={f"x/{n}": "" for n in range(60_000)}),
    "a million empty cells": lambda: _cells("<c/>" * MILLION),
    "900,000 cells in one row": lambda: _cells("<c><v>1</v></c>" * 300_000),
    "300,000 texts": lambda: workbook(texts=TEXTS * 100_000),
    "entities that laugh": _laughs,
    "entities behind 100 kB of spaces": lambda: _laughs(" " * 100_000),
    "entities in UTF-16": lambda: _laughs(encoding="utf-16"),
    "an entity from elsewhere": lambda: workbook(
        more={"xl/sheet1.xml": '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x"><worksheet/>'}
    ),
    "400,000 elements within one another": lambda: workbook("<x>" * 400_000 + "</x>" * 400_000),
    "texts within one another": lambda: workbook(texts="<si>" * 400_000),
    "a million attributes": lambda: _cells("<c " + " ".join(f"a{n}='1'" for n in range(MILLION)) + "/>"),
    "an attribute of 50 million characters": lambda: _cells(f'<c r="{"A" * 50 * MILLION}1"><v>1</v></c>'),
    "a cell at the end of the world": lambda: _cells('<c r="XFD1048576"><v>1</v></c>'),
    "a row as wide as there is": lambda: workbook(
        '<row r="2"><c r="XFD2"><v>1</v></c></row><row r="4999"><c r="A4999"><v>1</v></c></row>'
    ),
    "a row below zero": lambda: workbook('<row r="-1"><c r="A-1"><v>1</v></c></row>'),
    "a row of twenty digits": lambda: workbook(
        '<row r="99999999999999999999"><c r="A99999999999999999999"><v>1</v></c></row>'
    ),
    "a column of twelve letters": lambda: _cells('<c r="ZZZZZZZZZZZZ2"><v>1</v></c>'),
    "styles and texts that are missing": lambda: _cells('<c s="999" t="s"><v>99999999</v></c>'),
    "a date in the year 10^300": lambda: _cells(
        '<c s="1"><v>1e300</v></c><c s="1"><v>nan</v></c><c s="1"><v>-1e18</v></c>'
    ),
    "200,000 merged ranges": lambda: workbook(
        more={
            "xl/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{ROW.format(1)}</sheetData><mergeCells>'
            + '<mergeCell ref="A1:XFD1048576"/>' * 200_000
            + "</mergeCells></worksheet>"
        }
    ),
    "a dimension as large as there is": lambda: workbook(
        more={
            "xl/sheet1.xml": f'<worksheet xmlns="{MAIN}"><dimension ref="A1:XFD1048576"/><sheetData>{ROW.format(1)}'
            "</sheetData></worksheet>"
        }
    ),
    "100,000 sheets": lambda: workbook(book='<sheet name="x" sheetId="1" r:id="r1"/>' * 100_000),
    "a sheet that is missing": lambda: workbook(book='<sheet name="x" sheetId="1" r:id="r9"/>'),
    "no relations": lambda: workbook(more={"xl/_rels/workbook.xml.rels": ""}),
    "a formula of 8 million characters": lambda: _cells(f"<c><f>{'1+' * 4 * MILLION}1</f></c>"),
    "20,000 formulas without a value": lambda: workbook(
        "".join(f'<row r="{n}">{"<c><f>1+1</f></c>" * 4}</row>' for n in range(2, 5000))
    ),
    "deflate damaged": lambda: _damaged(b"\xff" * 6),
    "lzma damaged": lambda: _damaged(b"\xff" * 6, method=zipfile.ZIP_LZMA),
    "bzip2 damaged": lambda: _damaged(b"\xff" * 6, method=zipfile.ZIP_BZIP2),
    "a wrong checksum": _crc,
    "broken off in the middle": lambda: workbook(ROW.format(2))[:900],
    "broken off at the end": lambda: workbook(ROW.format(2))[:-12],
    "encrypted entries": lambda: _flagged(1),
    "an unknown method of packing": lambda: _flagged(method=99),
    "XML that breaks off": lambda: workbook(more={"xl/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData><row><c'}),
    "XML in an encoding that does not exist": lambda: workbook(
        more={"xl/sheet1.xml": '<?xml version="1.0" encoding="x-none"?><worksheet/>'}
    ),
    "noise behind the mark of an archive": lambda: b"PK\3\4" + bytes(range(256)) * 4_000,
    "noise behind the mark of an old workbook": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 4_000,
    "a row that stands a billion times": lambda: ods(ods_row("Name", "Kind", "Country") + ods_row("a", repeated=10**9)),
    "a cell that stands a billion times": lambda: ods(
        ods_row("Name", "Kind", "Country")
        + f'<table:table-row><table:table-cell table:number-columns-repeated="{10**9}" office:value-type="string">'
        "<text:p>a</text:p></table:table-cell></table:table-row>"
    ),
    "a paragraph that is indented a billion times": lambda: ods(ods_row(f'Name<text:s text:c="{10**9}"/>')),
    "tables within one another": lambda: ods("<table:table-row><table:table-cell><table:table>" * 100_000),
    "10 MB of commas": lambda: b"," * 10 * MILLION,
    "10 MB of line ends": lambda: b"\n" * 10 * MILLION,
    "10 MB of quotation marks": lambda: b'"' * 10 * MILLION,
    "a CSV cell of 10 MB": lambda: b"Name,Kind,Country\n" + b"x" * 10 * MILLION,
    "5,000 lines of 80 cells of accents": lambda: (
        b"Name,Kind,Country\n" + ("e" + "\u0301\u0316" * 9 + ",").encode() * 250_000
    ),
    "4,900 lines that are all wrong": lambda: b"Name,Kind,Country\n" + b"Kwale,kingdom,Atlantis\n" * 4_900,
}
