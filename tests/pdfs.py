"""A PDF for uploads."""

from io import BytesIO

from pypdf import PdfWriter
from pypdf.annotations import Text
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, TextStringObject


def pdf(author: str = "", password: tuple[str, str] | None = None) -> bytes:
    """One page that says "Seats rotate", with its author everywhere a programme writes one."""
    made, out = PdfWriter(), BytesIO()
    page = made.add_blank_page(200, 200)
    text = DecodedStreamObject()
    text.set_data(b"BT /F1 12 Tf 20 100 Td (Seats rotate) Tj ET")
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    page[NameObject("/Contents")] = made._add_object(text)
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
    )
    if author:
        made.add_metadata({"/Author": author, "/Company": author})
        made.xmp_metadata = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>{author}</a></x:xmpmeta>'.encode()
        page[NameObject("/PieceInfo")] = made._add_object(
            DictionaryObject(
                {NameObject("/Tool"): made._add_object(DictionaryObject({NameObject("/By"): TextStringObject(author)}))}
            )
        )
        made.add_annotation(0, Text(rect=(20, 20, 40, 40), text="Why?", title_bar=author))
    if password:
        made.encrypt(*password)
    made.write(out)
    return out.getvalue()
