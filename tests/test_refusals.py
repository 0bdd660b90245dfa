"""Every form sent back with nothing in it: the page that refuses it says so in its title, and each fault belongs to its control."""

from typing import Any

import pytest
from django.db import transaction

from .addresses import addresses
from .pages import Page
from .reader import Reader, quiet
from .stage import fill


def _refused(reader: Reader, address: str) -> list[Page]:
    """The pages that refuse the forms of a page, each sent with its hidden fields alone."""
    found: list[Page] = []
    shown = reader.client.get(address)
    if shown.status_code != 200 or not shown["Content-Type"].startswith("text/html"):
        return found
    for form in Page(shown.content.decode()).soup.select('form[method="post"]'):
        hidden = {str(tag["name"]): str(tag.get("value", "")) for tag in form.select('input[type="hidden"]')}
        if not form.select('input:not([type="hidden"]), select, textarea'):
            continue  # a question, which is never refused for what was not filled in
        with transaction.atomic():
            answer = reader.client.post(str(form.get("action") or address), hidden)
            transaction.set_rollback(True)
        if answer.status_code == 422:
            found.append(Page(answer.content.decode()))
    return found


@pytest.mark.sweep
@pytest.mark.parametrize(("part", "at_least"), [("coordinator", 60), ("kwale_focal_point", 15)])
@pytest.mark.django_db
def test_every_page_that_refuses_says_what_and_where(part: str, at_least: int, django_db_blocker: Any) -> None:
    reader, faults, seen = Reader(fill(), part), [], 0
    with quiet():
        for address in addresses(reader.user, whole=False):
            for page in _refused(reader, address):
                seen += 1
                faults += [f"{address}: {fault} is read with nothing" for fault in page.not_read_with_a_control()]
                faults += [
                    f"{address}: {link} leads nowhere"
                    for link in page.summary_links()
                    if not page.leads_to_a_control(link)
                ]
                if not page.title.startswith("Error: "):
                    faults.append(f"{address} is called {page.title}")
                if not page.soup.select(".summary"):
                    faults.append(f"{address} has no summary")
    assert faults == []
    assert seen >= at_least
