"""The members table of the demo's facts, as a coordinator would keep it in a spreadsheet."""

import io

HEADINGS = [
    "Name", "Name in its own language", "Kind", "Country", "ISO 3166-2 code", "Latitude", "Longitude", "Population",
    "Membership", "Member since", "Unconfirmed", "Source of the membership",
]  # fmt: skip

#: Where the network says so.
_SCN = "https://strongcitiesnetwork.org/en/cities/"

ROWS = [
    ["Mombasa County", "", "county", "KE", "KE-28", "−4.0547", "39.6636", "1,208,333", "member", "2015", "", _SCN],
    ["Nakuru County", "", "county", "KE", "KE-31", "−0.3072", "36.0723", "2 162 202", "member", "by 2021-03", "", ""],
    ["Kwale County", "", "county", "KE", "KE-19", "−4.1738", "39.4521", "866,820", "member", "by 2021-03", "", ""],
    ["Isiolo County", "", "county", "KE", "KE-09", "0.3546", "37.5822", "268,002", "member", "by 2021-03", "", ""],
    ["Kakamega County", "", "county", "KE", "KE-11", "0.2842", "34.7523", "1,867,579", "member", "2021-03-25", "", ""],
    ["Mandera County", "", "county", "KE", "KE-24", "3.9373", "41.8569", "867,457", "member", "2019-12", "", ""],
    ["Lamu County", "", "county", "KE", "KE-21", "−2.2717", "40.9020", "143,920", "", "", "", ""],
    ["Kristiansand", "", "city", "NO", "NO-42", "58.1467", "7.9956", "117,237", "member", "", "", ""],
    ["Cape Town", "", "city", "ZA", "ZA-WC", "−33.9258", "18.4232", "4,772,846", "member", "", "", ""],
    ["Rabat", "الرباط", "city", "MA", "MA-RAB", "34.0133", "−6.8326", "", "member", "", "", ""],
    ["The Hague", "Den Haag", "city", "NL", "NL-ZH", "52.0767", "4.2986", "474,292", "member", "", "", ""],
    ["Masaka", "", "city", "UG", "UG-105", "−0.3338", "31.7341", "116,600", "member", "", "", ""],
    ["Koboko", "", "municipality", "UG", "UG-319", "3.4136", "30.9599", "64,500", "", "", "", ""],
    ["Nebbi", "", "municipality", "UG", "UG-310", "2.4783", "31.0889", "41,400", "", "", "", ""],
    ["Dar es Salaam", "", "city", "TZ", "TZ-02", "−6.8235", "39.2695", "5,383,728", "", "", "", ""],
    ["Athens", "", "city", "US", "US-OH", "39.3292", "−82.1013", "25,044", "member", "by 2023-11", "", ""],
    ["Damietta", "دمياط", "city", "EG", "EG-DT", "31.4165", "31.8133", "305,920", "member", "by 2026-02", "", ""],
    ["Danilovgrad", "", "municipality", "ME", "ME-07", "42.5538", "19.1461", "5,208", "member", "", "yes", ""],
    ["Pejë", "", "municipality", "XK", "", "42.6591", "20.2883", "48,962", "member", "2016-01", "", ""],
    ["Gjilan", "", "municipality", "XK", "", "42.4605", "21.4699", "51,912", "member", "2016-01", "", ""],
    ["Çair", "", "municipality", "MK", "MK-815", "42.0153", "21.4411", "64,773", "member", "2016-01", "", ""],
]  # fmt: skip


def as_xlsx(rows: list[list[str]] | None = None, head: list[str] | None = None) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in [head or HEADINGS, *(ROWS if rows is None else rows)]:
        sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_csv(rows: list[list[str]] | None = None, head: list[str] | None = None, mark: str = ",") -> bytes:
    import csv

    out = io.StringIO(newline="")
    csv.writer(out, delimiter=mark).writerows([head or HEADINGS, *(ROWS if rows is None else rows)])
    return out.getvalue().encode()


def row_of(name: str, **changes: str) -> list[str]:
    """Return one row of the facts with the given cells replaced."""
    row = next(row for row in ROWS if row[0] == name)
    return [changes.get(heading, value) for heading, value in zip(HEADINGS, row, strict=True)]
