"""Rules between events, and between an event, its sessions and its people."""

from django.utils.translation import gettext_lazy as _

from jirani.core.constraints import Rule

RULES = (
    Rule(
        "event_in_no_circle",
        "events.Event",
        ("follow_up_of_id",),
        """EXISTS (WITH RECURSIVE before (id) AS (
        SELECT NEW.follow_up_of_id UNION SELECT e.follow_up_of_id FROM events_event e JOIN before b ON e.id = b.id
      ) SELECT FROM before WHERE before.id = NEW.id)""",
        _("Choose another event: that one is itself a follow-up of this."),
        "follow_up_of",
        in_turn=True,
    ),
    Rule(
        "event_follows_an_earlier",
        "events.Event",
        ("follow_up_of_id", "starts_on", "date_precision"),
        """EXISTS (SELECT FROM events_event e WHERE e.id = NEW.follow_up_of_id
        AND CASE WHEN e.date_precision = 'day' AND NEW.date_precision = 'day' THEN e.starts_on > NEW.starts_on
          ELSE extract(year FROM e.starts_on) > extract(year FROM NEW.starts_on) END)""",
        _("Choose an earlier event: a follow-up comes after what it follows."),
        "follow_up_of",
    ),
    Rule(
        "part_of_own_participant",
        "events.SessionPart",
        ("session_id", "participation_id"),
        """(SELECT s.event_id FROM events_session s WHERE s.id = NEW.session_id)
      <> (SELECT p.event_id FROM events_participation p WHERE p.id = NEW.participation_id)""",
        _("Choose somebody who takes part in this event."),
        "participation",
    ),
    Rule(
        "participation_of_own_delegation",
        "events.Participation",
        ("event_id", "delegation_id"),
        "(SELECT d.event_id FROM events_delegation d WHERE d.id = NEW.delegation_id) <> NEW.event_id",
        _("Choose a delegation of this event."),
        "delegation",
    ),
)
