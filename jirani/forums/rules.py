"""Rules between a forum, its seats and its meetings."""

from django.utils.translation import gettext_lazy as _

from jirani.core.constraints import Rule

RULES = (
    Rule(
        "seat_one_secretary",
        "forums.Seat",
        ("forum_id", "role", "until_on"),
        """NEW.role = 'secretary' AND NEW.until_on IS NULL AND EXISTS (SELECT FROM forums_seat o
        WHERE o.forum_id = NEW.forum_id AND o.role = 'secretary' AND o.until_on IS NULL AND o.id <> NEW.id)""",
        _("End the seat of the secretary first: a forum has one."),
        "role",
        in_turn=True,
    ),
    Rule(
        "attendance_of_own_seat",
        "forums.Attendance",
        ("meeting_id", "seat_id"),
        """(SELECT s.forum_id FROM forums_seat s WHERE s.id = NEW.seat_id)
      <> (SELECT m.forum_id FROM forums_meeting m WHERE m.id = NEW.meeting_id)""",
        _("Choose seats of the forum that met."),
        "seats",
    ),
    Rule(
        "meeting_of_own_group",
        "forums.Meeting",
        ("forum_id", "working_group_id"),
        "(SELECT g.forum_id FROM forums_workinggroup g WHERE g.id = NEW.working_group_id) <> NEW.forum_id",
        _("Choose a working group of the same forum."),
        "working_group",
    ),
    Rule(
        "priority_of_own_forum",
        "forums.Priority",
        ("authority_id", "forum_id"),
        "(SELECT f.authority_id FROM forums_forum f WHERE f.id = NEW.forum_id) <> NEW.authority_id",
        _("Choose a forum of the same local authority."),
        "forum",
    ),
)
