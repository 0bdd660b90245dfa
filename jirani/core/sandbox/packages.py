"""Office documents: which kind of package it is, and the same without the names of those who wrote it.

ECMA-376 part 2 and OpenDocument 1.3 part 2 say which entry tells the kind. The order of entries means nothing: some programs write
trash or custom XML first, and some begin names with a slash or part them by backslashes. Entries are copied as they are but for properties,
which are emptied, the places in which programmes keep who commented on, changed or saved a document, and where, and metadata of pictures.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping

from .bounds import MOST_DOCUMENT, MOST_ENTRIES, Refusal
from .marks import Walker
from .pictures import bare_picture

ODT = b"application/vnd.oasis.opendocument.text"
#: How the name of the part begins that holds the text or the sheets.
_MAIN = {"docx": "word/document", "xlsx": "xl/workbook"}
_OFFICE = "http://schemas.openxmlformats.org"
#: Properties without any, by the end of the relation that leads to them.
_EMPTY = {
    "/core-properties": f'<coreProperties xmlns="{_OFFICE}/package/2006/metadata/core-properties"/>',
    "/extended-properties": f'<Properties xmlns="{_OFFICE}/officeDocument/2006/extended-properties"/>',
    "/custom-properties": f'<Properties xmlns="{_OFFICE}/officeDocument/2006/custom-properties"/>',
}
_EMPTY_META = (
    '<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.3">'
    "<office:meta/></office:document-meta>"
)
_QUOTED = rb"""\s*=\s*(?:"[^"]*"|'[^']*')"""
#: What is put in the place of names, by the part that holds them.
_NAMES: tuple[tuple[str, bytes, bytes], ...] = (
    (r"word/.*\.xml", rb"(\s(?:\w+:)?(?:author|initials|userId|providerId))" + _QUOTED, rb'\1="A"'),
    (r"word/_rels/settings\.xml\.rels", rb"(\sTarget)" + _QUOTED, rb'\1="Normal.dotm"'),
    (r"xl/persons/.*\.xml", rb"(\s(?:displayName|userId|providerId))" + _QUOTED, rb'\1="A"'),
    (r"xl/.*comments?[^/]*\.xml", rb"(<(?:\w+:)?author(?:\s[^<>]*)?>)[^<]*", rb"\1A"),
    (r"xl/(?:workbook[^/]*|revisions/.*)\.xml", rb"(\s(?:userName|url))" + _QUOTED, rb'\1="A"'),
    (
        r"(?:.*/)?(?:content|styles)\.xml",
        rb"(<(?:dc:creator|meta:creator-initials|loext:sender-initials)(?:\s[^<>]*)?>)[^<]*",
        rb"\1A",
    ),
)


def clean_package(body: bytes) -> bytes:
    """The kind, a line end, and the document. Raises Refusal."""
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        parts = {part_name(entry): entry for entry in package.infolist()}
        if len(package.infolist()) > MOST_ENTRIES or sum(part.file_size for part in parts.values()) > MOST_DOCUMENT:
            raise Refusal("unpacked")
        kind = _kind(package, parts)
        if any("vbaproject" in name or name.startswith("basic/") for name in parts):
            raise Refusal("macros")
        manifest = parts.get("meta-inf/manifest.xml")
        if manifest is not None and b"encryption-data" in package.read(manifest):
            return f"{kind}\n".encode() + body  # an OpenDocument with a password: what its entries hold cannot be read
        return f"{kind}\n".encode() + _copied(package, parts, _properties(package, parts, kind))


def part_name(entry: zipfile.ZipInfo) -> str:
    """An entry's name as packages compare them: without case, a slash before it, backslashes."""
    return entry.filename.replace("\\", "/").removeprefix("/").casefold()


def _kind(package: zipfile.ZipFile, parts: Mapping[str, zipfile.ZipInfo]) -> str:
    if mimetype := parts.get("mimetype"):
        with package.open(mimetype) as stream:
            if stream.read(len(ODT) + 2).strip() == ODT:
                return "odt"
    elif "[content_types].xml" in parts:
        for kind, main in _MAIN.items():
            if any(name.startswith(main) for name in parts):
                return kind
    raise Refusal("kind")


def _properties(package: zipfile.ZipFile, parts: Mapping[str, zipfile.ZipInfo], kind: str) -> dict[str, str]:
    """Return the contents of the parts that hold properties, by name."""
    if kind == "odt":
        return {name: _EMPTY_META for name in parts if posixpath.basename(name) == "meta.xml"}
    found = {
        f"docprops/{name}.xml": empty for name, empty in zip(("core", "app", "custom"), _EMPTY.values(), strict=True)
    }
    if "_rels/.rels" in parts:
        links = _Links()
        links.walk(package.read(parts["_rels/.rels"]))
        found |= links.properties
    return found


class _Links(Walker):
    def __init__(self) -> None:
        super().__init__()
        self.properties: dict[str, str] = {}

    def open_Relationship(self, attributes: dict[str, str]) -> None:  # noqa: N802  (the element's name)
        for end, empty in _EMPTY.items():
            if attributes["Type"].endswith(end):
                name = posixpath.normpath(posixpath.join("/", attributes["Target"].replace("\\", "/")))
                self.properties[name.lstrip("/").casefold()] = empty


def _copied(package: zipfile.ZipFile, parts: Mapping[str, zipfile.ZipInfo], properties: Mapping[str, str]) -> bytes:
    """Return the package with its parts in their order, except the one that tells an OpenDocument's kind, which comes first."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as copy:
        for name, part in sorted(parts.items(), key=lambda pair: pair[0] != "mimetype"):
            entry = zipfile.ZipInfo(part.filename)
            stored = part.compress_type == zipfile.ZIP_STORED
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            content = properties[name].encode() if name in properties else package.read(part)
            copy.writestr(entry, _nameless(name, content))
    return out.getvalue()


def _nameless(name: str, content: bytes) -> bytes:
    """Return a part without names; a picture without its metadata."""
    if name.endswith((".jpg", ".jpeg", ".png")):
        return bare_picture(content)
    replace: Callable[[bytes, bytes, bytes], bytes] = re.sub
    for where, pattern, instead in _NAMES:
        if re.fullmatch(where, name):
            content = replace(pattern, instead, content)
    return content
