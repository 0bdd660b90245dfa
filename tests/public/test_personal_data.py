"""The public page about personal data."""

import pytest
from django.test import Client

from jirani.config.languages import CODES
from jirani.core.registry import personal_data_register

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", CODES)
def test_the_register_names_every_field_with_its_reason_and_end(client: Client, language: str) -> None:
    page = client.get(f"/{language}/personal-data/")
    shown = [
        (str(label), str(line.why), str(line.until))
        for _, lines in page.context["register"]
        for line in lines
        for label in line.labels
    ]

    assert page.status_code == 200
    asked = {(str(entry.name), str(entry.why), str(entry.until)) for entry in personal_data_register()}
    assert {(name.strip(), why, until) for name, why, until in shown} == asked
    assert [line for line in shown if not all(line)] == []
    assert [entry for entry in personal_data_register() if isinstance(entry.name, str)] == [], "no name to translate"
