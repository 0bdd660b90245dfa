"""Pages appear and go when an editor said so, through the admin's form and the worker."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import PageLogEntry, Revision
from wagtail.test.utils.form_data import querydict_from_html

from jirani.newsroom import tasks
from jirani.newsroom.actions import ensure_newsroom
from jirani.newsroom.models import ArticlePage
from tests.cast import assemble, client_of

#: What the form's script adds: one heading.
BODY = {
    "body-count": "1", "body-0-deleted": "", "body-0-order": "0", "body-0-type": "heading", "body-0-value": "Soon", "body-0-id": "",
}  # fmt: skip
FORMAT = "%Y-%m-%d %H:%M"


def publish(client: Client, page: ArticlePage, **fields: Any) -> None:
    """Fill in the form as it is shown, with a schedule, and press Publish."""
    address = f"/cms/pages/{page.pk}/edit/"
    form = querydict_from_html(client.get(address).content.decode(), form_id="page-edit-form")
    for name, value in {**BODY, **fields, "action-publish": "action-publish"}.items():
        form[name] = value
    response = client.post(address, form)
    assert response.status_code == 302, response.context["form"].errors


def at(minutes: int) -> str:
    """Return the time `minutes` from now in the form's format."""
    return (timezone.localtime() + timedelta(minutes=minutes)).strftime(FORMAT)


@pytest.mark.django_db
def test_a_page_appears_at_its_time_and_goes_at_another(monkeypatch: pytest.MonkeyPatch) -> None:
    page = ensure_newsroom().add_child(instance=ArticlePage(title="Embargo", slug="embargo", live=False))
    editor, visitor = client_of(assemble().editor), Client()
    publish(editor, page, go_live_at=at(5), expire_at=at(60))

    def statuses(minutes: int) -> tuple[int, bool]:
        """Return whether it is found after `minutes`, by itself and on the list, once the worker has run."""
        later = timezone.now() + timedelta(minutes=minutes)
        with monkeypatch.context() as patched:
            patched.setattr("django.utils.timezone.now", lambda: later)
            tasks.publish_scheduled()
        listed = "Embargo" in visitor.get("/en/news/").content.decode()
        return visitor.get("/en/news/embargo/").status_code, listed

    assert [statuses(minutes) for minutes in (0, 3, 6, 57, 61, 62)] == [
        (404, False), (404, False), (200, True), (200, True), (404, False), (404, False)
    ]  # fmt: skip
    actions = list(
        PageLogEntry.objects.filter(page=page.pk, action__contains="schedul").values_list("action", flat=True)
    )
    assert sorted(actions) == ["wagtail.publish.schedule", "wagtail.publish.scheduled", "wagtail.unpublish.scheduled"]


@pytest.mark.django_db(transaction=True)
def test_the_worker_does_it() -> None:
    with transaction.atomic():
        page = ensure_newsroom().add_child(instance=ArticlePage(title="Embargo", slug="embargo", live=False))
        editor = client_of(assemble().editor)
    publish(editor, page, go_live_at=at(5))
    due = Revision.objects.exclude(approved_go_live_at=None).get()
    due.approved_go_live_at = timezone.now() - timedelta(seconds=1)
    due.content["go_live_at"] = due.approved_go_live_at.isoformat()
    due.save(update_fields=["approved_go_live_at", "content"])
    call_command("worker", once=True)
    assert Client().get("/en/news/embargo/").status_code == 200
