"""Three ways to import a spreadsheet: from the template, with the command, and on the coordinator's page."""

import html
import io
import re
from hashlib import sha256
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils.translation import override
from openpyxl import load_workbook

from jirani.core.sheets import (
    bring_in,
    importer,
    read_sheet,
    write_template_csv,
    write_template_xlsx,
)
from jirani.members.models import LocalAuthority
from jirani.translation.models import Translation
from jirani.ui.forms import MOST_OF_LINE
from tests import factories as make
from tests.cast import assemble, client_of

from ..facts import ROWS, as_csv, as_xlsx, row_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("write", [write_template_xlsx, write_template_csv])
def test_the_template_is_read_back_and_holds_no_records(write: type) -> None:
    content = write(importer("members"))
    reading = read_sheet(content, importer("members").columns)
    rows, bad = reading.rows, reading.faults

    assert (rows, bad) == ([], [])


def test_an_arabic_template_explains_itself_in_arabic() -> None:
    hub = make.hub("East and Southern Africa")
    Translation.objects.create(record=hub, field="name", language="ar", body="شرق أفريقيا وجنوبها", state="drafted")
    with override("ar"):
        book = load_workbook(io.BytesIO(write_template_xlsx(importer("members"), rtl=True)))
    explained = {row[0]: row[1:] for row in book.worksheets[1].iter_rows(values_only=True)}

    assert explained["النوع"][0] == "ما نوعها. مطلوب."
    assert explained["المركز الإقليمي"][2] == f"{hub.slug}: شرق أفريقيا وجنوبها"


def test_the_example_of_the_template_can_be_imported() -> None:
    columns = importer("members").columns
    outcome = bring_in(
        importer("members"),
        as_csv([[str(c.example) for c in columns]], [str(c.title) for c in columns]),
        by=None,
        dry_run=False,
    )
    assert [str(fault) for fault in outcome.faults] == []
    kwale = LocalAuthority.objects.get()
    assert (kwale.languages, kwale.contexts, kwale.organisation.local_name) == (
        ["sw", "en"],
        ["coastal", "rural"],
        "Kaunti ya Kwale",
    )


def test_the_command_says_what_it_does(tmp_path: Path) -> None:
    path = tmp_path / "members.csv"
    path.write_bytes(as_csv())
    said = StringIO()

    call_command("import_members", path, "--dry-run", stdout=said)
    assert said.getvalue().splitlines()[-1] == "Would be: 21 added, 0 changed, 0 unchanged."
    assert LocalAuthority.objects.count() == 0

    call_command("import_members", path, stdout=StringIO())
    assert LocalAuthority.objects.count() == len(ROWS)

    path.write_bytes(as_csv([row_of("Kwale County", Country="Atlantis")]))
    complaints = StringIO()
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("import_members", path, stderr=complaints)
    assert "Row 2, column D “Country”, value “Atlantis”" in complaints.getvalue()


def test_a_coordinator_looks_before_importing() -> None:
    cast = assemble()
    client = client_of(cast.coordinator)
    address = "/en/local-authorities/import/"
    before = LocalAuthority.objects.count()
    file = io.BytesIO(as_xlsx())
    file.name = "members.xlsx"

    look = client.post(address, {"file": file})
    assert look.status_code == 200
    assert "19 added, 2 changed, 0 unchanged" in look.content.decode()
    assert LocalAuthority.objects.count() == before

    found = re.search(r'name="packed" value="([^"]+)"', look.content.decode())
    assert found
    client.post(address, {"packed": found[1]})
    assert LocalAuthority.objects.count() == before + 19
    assert client.post(address, {"packed": found[1] + "x"}).headers["Location"] == address

    file = io.BytesIO(as_csv([row_of("Kwale County", Country="Atlantis")]))
    file.name = "members.csv"
    bad = client.post(address, {"file": file})
    assert (bad.status_code, "Atlantis" in bad.content.decode(), 'name="packed"' in bad.content.decode()) == (
        422,
        True,
        False,
    )

    assert client_of(cast.kwale_focal_point).get(address).status_code == 403


def test_a_sheet_of_a_whole_network_is_imported_as_it_was_looked_at() -> None:
    client = client_of(assemble().coordinator)
    address = "/en/local-authorities/import/"
    before = LocalAuthority.objects.count()
    headings = ["Name", "Kind", "Country", "Website"]
    rows = [[f"City {sha256(bytes([n])).hexdigest()}", "city", "KE", f"https://c{n}.example.org"] for n in range(150)]

    look = client.post(address, {"file": SimpleUploadedFile("members.csv", as_csv(rows, headings))})
    packed = look.context["confirm"]["packed"].value()
    client.post(address, {"packed": packed})

    assert (len(packed) > MOST_OF_LINE, LocalAuthority.objects.count()) == (True, before + 150)


def test_the_preview_says_of_which_record_and_from_what_to_what() -> None:
    cast = assemble()
    client = client_of(cast.coordinator)

    def look(*cells: str, headings: tuple[str, ...]) -> list[str]:
        sent = SimpleUploadedFile("a.csv", as_csv([list(cells)], list(headings)))
        page = client.post("/en/local-authorities/import/", {"file": sent})
        rows = re.search(r'<ul class="rows">(.*)</main>', page.content.decode(), re.DOTALL)
        assert rows, page.content.decode()
        lines = re.sub(r"</(?:li|p)>", "\0", " ".join(rows[1].split())).split("\0")
        words = re.sub(r"[\u2066-\u2069]", "", html.unescape(re.sub(r"<[^>]+>", "", "\n".join(lines))))
        return [" ".join(line.split()) for line in words.splitlines() if line.strip()]

    cast.kwale.organisation.local_name = "Kwâle"
    cast.kwale.organisation.save()
    headings = ("Name", "Kind", "Country", "ISO 3166-2 code", "Population", "Year of the population figure")
    assert look("Kwâle", "county", "KE", "KE-19", "866 820", "2019", headings=headings) == [
        "Kwâle row 2",
        "This is Kwale County, as the network has called it until now.",
        "Name: Kwale County becomes Kwâle",
        "Population: – becomes 866820",
        "Year of the population figure: – becomes 2019",
    ]
    assert LocalAuthority.objects.get(pk=cast.kwale.pk).organisation.name == "Kwale County"


def test_the_preview_names_the_sheet_and_the_encoding_that_it_chose() -> None:
    client = client_of(assemble().coordinator)
    seen = []
    for content in (as_xlsx([ROWS[0]]), "Name;Kind;Country\nÉvora;city;PT\n".encode("cp1252"), as_csv([ROWS[0]])):
        sent = SimpleUploadedFile("a.xlsx", content)
        page = client.post("/en/local-authorities/import/", {"file": sent}).content.decode()
        seen.append(re.findall(r"It was read (?:from the sheet “|as )<bdi>(.*?)</bdi>", page))
    assert seen == [["Sheet"], ["windows-1252"], []]
