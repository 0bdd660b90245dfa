"""Who may read what of the newsroom before everybody may."""

from typing import Any

from django.db.models import F, Q
from wagtail.models import Page, ReferenceIndex
from wagtail.permission_policies.pages import PagePermissionPolicy

from .models.access import edits_all
from .models.pages import pages_shown_to


def pages_listed_for(user: Any) -> Any:
    """Pages whose titles the user may read in Wagtail's admin: what is published, under its published title, and what they may edit."""
    if edits_all(user):
        return Page.objects.all()
    own = PagePermissionPolicy().instances_user_has_permission_for(user, "change")
    return Page.objects.filter(Q(live=True, draft_title=F("title")) | Q(pk__in=own.values("pk")))


def may_fetch(user: Any, upload: Any) -> bool:
    """Whether the user may fetch a document or a picture: a published page that they may see shows it, or they edit all pages."""
    if user.is_authenticated and edits_all(user):
        return True
    shown = ReferenceIndex.get_references_to(upload).filter(base_content_type__app_label="wagtailcore")
    pages = [int(pk) for pk in shown.values_list("object_id", flat=True).distinct()]
    return bool(pages_shown_to(user).filter(pk__in=pages).exists())
