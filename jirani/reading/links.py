"""The page of each kind of record, and links to it in the reader's language."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from jirani.commitments.models import Commitment, Outcome
from jirani.events.models import Event, Session
from jirani.forums.models import Forum
from jirani.lessons.models import Lesson
from jirani.members.enums import Sector
from jirani.members.models import Organisation
from jirani.plans.models import ActionPlan, Activity
from jirani.translation.templatetags.records import text

type_record = Activity | ActionPlan | Commitment | Event | Forum | Lesson | Outcome | Session


def address_of(record: type_record) -> str:
    """The page of a record. A session's event and an activity's plan must have been loaded, or they cost a query."""
    match record:
        case Session():
            return reverse("public:session_detail", args=[record.event.slug, record.pk])
        case Activity():
            return reverse("public:activity_detail", args=[record.objective.pillar.plan.slug, record.pk])
        case Event() | Forum():
            return reverse(f"public:{record._meta.model_name}_detail", args=[record.slug])
        case ActionPlan():
            return reverse("public:plan_detail", args=[record.slug])
        case _:
            return reverse(f"public:{record._meta.model_name}_detail", args=[record.pk])


def organisation_address(organisation: Organisation) -> str:
    """Return the page of an organisation, or of the local authority that it is; each redirects to the other if the guess was wrong."""
    authority = organisation.sector == Sector.LOCAL_GOVERNMENT
    return reverse(f"public:{'authority' if authority else 'organisation'}_detail", args=[organisation.slug])


def organisation_link(organisation: Organisation) -> SafeString:
    """The organisation's name, leading to its page."""
    return format_html('<a href="{}">{}</a>', organisation_address(organisation), text(organisation, "name"))


def link_to(record: Lesson | Event | Session | ActionPlan | Organisation | None) -> SafeString | str:
    """A record's title, or an organisation's name, leading to its page; "" for none."""
    if record is None:
        return ""
    if isinstance(record, Organisation):
        return organisation_link(record)
    return format_html('<a href="{}">{}</a>', address_of(record), text(record, "title"))


def commitment_links(labels: Mapping[str, str], pk: int) -> list[tuple[str, str]]:
    """Return links to the pages of a commitment or a part of one, as label and address, given labels by name of the page."""
    return [(words, reverse(f"commitments:{name}", args=[pk])) for name, words in labels.items()]
