"""Words of events."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class EventKind(models.TextChoices):
    EXCHANGE = "exchange", pgettext_lazy("event kind", "exchange")
    LEARNING_VISIT = "learning-visit", pgettext_lazy("event kind", "learning visit")
    STUDY_VISIT = "study-visit", pgettext_lazy("event kind", "study visit")
    SUMMIT = "summit", pgettext_lazy("event kind", "summit")
    WORKSHOP = "workshop", pgettext_lazy("event kind", "workshop")
    DIALOGUE = "dialogue", pgettext_lazy("event kind", "dialogue")
    WEBINAR = "webinar", pgettext_lazy("event kind", "webinar")
    FOLLOW_UP = "follow-up", pgettext_lazy("event kind", "follow-up")


class EventFormat(models.TextChoices):
    """How one takes part. A hybrid event has a place and a link."""

    IN_PERSON = "in-person", pgettext_lazy("event format", "in person")
    VIRTUAL = "virtual", pgettext_lazy("event format", "virtual")
    HYBRID = "hybrid", pgettext_lazy("event format", "hybrid")


class EventState(models.TextChoices):
    """The life of an event."""

    DRAFT = "draft", pgettext_lazy("event", "draft")
    PUBLISHED = "published", pgettext_lazy("event", "published")
    CANCELLED = "cancelled", pgettext_lazy("event", "cancelled")


class PartyRole(models.TextChoices):
    """An organisation's role in an event."""

    ORGANISER = "organiser", pgettext_lazy("organisation's part", "organiser")
    HOST = "host", pgettext_lazy("organisation's part", "host")
    PARTNER = "partner", pgettext_lazy("organisation's part", "partner")
    DONOR = "donor", pgettext_lazy("organisation's part", "donor")


class SessionKind(models.TextChoices):
    PLENARY = "plenary", pgettext_lazy("session kind", "plenary")
    PANEL = "panel", pgettext_lazy("session kind", "panel")
    WORKING_GROUP = "working-group", pgettext_lazy("session kind", "working group")
    SITE_VISIT = "site-visit", pgettext_lazy("session kind", "site visit")
    BILATERAL = "bilateral", pgettext_lazy("session kind", "bilateral")
    BREAK = "break", pgettext_lazy("session kind", "break")


class ClockSide(models.TextChoices):
    """Which of two hours is meant if the clocks go back and an hour comes twice."""

    BEFORE = "before", _("before the clocks change")
    AFTER = "after", _("after the clocks change")


class ParticipationRole(models.TextChoices):
    """A person's role at an event."""

    DELEGATE = "delegate", pgettext_lazy("part in an event", "delegate")
    SPEAKER = "speaker", pgettext_lazy("part in an event", "speaker")
    MODERATOR = "moderator", pgettext_lazy("part in an event", "moderator")
    RAPPORTEUR = "rapporteur", _("rapporteur")
    INTERPRETER = "interpreter", pgettext_lazy("part in an event", "interpreter")
    OBSERVER = "observer", pgettext_lazy("part in an event", "observer")
    ORGANISER = "organiser", pgettext_lazy("part in an event", "organiser")


class ParticipationState(models.TextChoices):
    """The state of a person's part in an event."""

    INVITED = "invited", pgettext_lazy("participation", "invited")
    APPLIED = "applied", pgettext_lazy("participation", "applied")
    CONFIRMED = "confirmed", pgettext_lazy("participation", "confirmed")
    WAITLISTED = "waitlisted", pgettext_lazy("participation", "on the waiting list")
    DECLINED = "declined", pgettext_lazy("participation", "declined")
    CANCELLED = "cancelled", pgettext_lazy("participation", "cancelled")
    ATTENDED = "attended", pgettext_lazy("participation", "attended")


#: States in which a person belongs to the event and sees what is closed to others, the first once an invitation has gone out
#: (`Participation.objects.inside()`).
INSIDE = (ParticipationState.INVITED, ParticipationState.CONFIRMED, ParticipationState.ATTENDED)
