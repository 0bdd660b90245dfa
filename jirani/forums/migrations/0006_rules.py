"""Triggers for the rules of this app (rules.py) as they were then; a rule that changes is replaced by another migration."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("forums", "0005_checks"),
    ]

    operations = [
        migrations.RunSQL(
            """
CREATE FUNCTION seat_one_secretary() RETURNS trigger LANGUAGE plpgsql AS $rule$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.forum_id, NEW.role, NEW.until_on) IS NOT DISTINCT FROM (OLD.forum_id, OLD.role, OLD.until_on) THEN RETURN NEW; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('seat_one_secretary', 0));
  IF NEW.role = 'secretary' AND NEW.until_on IS NULL AND EXISTS (SELECT FROM forums_seat o
        WHERE o.forum_id = NEW.forum_id AND o.role = 'secretary' AND o.until_on IS NULL AND o.id <> NEW.id) THEN
    RAISE EXCEPTION 'rule seat_one_secretary' USING ERRCODE = 'check_violation', CONSTRAINT = 'seat_one_secretary';
  END IF;
  RETURN NEW;
END
$rule$;
CREATE TRIGGER seat_one_secretary BEFORE INSERT OR UPDATE ON forums_seat FOR EACH ROW EXECUTE FUNCTION seat_one_secretary();
""",
            "DROP TRIGGER seat_one_secretary ON forums_seat; DROP FUNCTION seat_one_secretary();",
        ),
        migrations.RunSQL(
            """
CREATE FUNCTION attendance_of_own_seat() RETURNS trigger LANGUAGE plpgsql AS $rule$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.meeting_id, NEW.seat_id) IS NOT DISTINCT FROM (OLD.meeting_id, OLD.seat_id) THEN RETURN NEW; END IF;
  IF (SELECT s.forum_id FROM forums_seat s WHERE s.id = NEW.seat_id)
      <> (SELECT m.forum_id FROM forums_meeting m WHERE m.id = NEW.meeting_id) THEN
    RAISE EXCEPTION 'rule attendance_of_own_seat' USING ERRCODE = 'check_violation', CONSTRAINT = 'attendance_of_own_seat';
  END IF;
  RETURN NEW;
END
$rule$;
CREATE TRIGGER attendance_of_own_seat BEFORE INSERT OR UPDATE ON forums_attendance FOR EACH ROW EXECUTE FUNCTION attendance_of_own_seat();
""",
            "DROP TRIGGER attendance_of_own_seat ON forums_attendance; DROP FUNCTION attendance_of_own_seat();",
        ),
        migrations.RunSQL(
            """
CREATE FUNCTION meeting_of_own_group() RETURNS trigger LANGUAGE plpgsql AS $rule$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.forum_id, NEW.working_group_id) IS NOT DISTINCT FROM (OLD.forum_id, OLD.working_group_id) THEN RETURN NEW; END IF;
  IF (SELECT g.forum_id FROM forums_workinggroup g WHERE g.id = NEW.working_group_id) <> NEW.forum_id THEN
    RAISE EXCEPTION 'rule meeting_of_own_group' USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting_of_own_group';
  END IF;
  RETURN NEW;
END
$rule$;
CREATE TRIGGER meeting_of_own_group BEFORE INSERT OR UPDATE ON forums_meeting FOR EACH ROW EXECUTE FUNCTION meeting_of_own_group();
""",
            "DROP TRIGGER meeting_of_own_group ON forums_meeting; DROP FUNCTION meeting_of_own_group();",
        ),
        migrations.RunSQL(
            """
CREATE FUNCTION priority_of_own_forum() RETURNS trigger LANGUAGE plpgsql AS $rule$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.authority_id, NEW.forum_id) IS NOT DISTINCT FROM (OLD.authority_id, OLD.forum_id) THEN RETURN NEW; END IF;
  IF (SELECT f.authority_id FROM forums_forum f WHERE f.id = NEW.forum_id) <> NEW.authority_id THEN
    RAISE EXCEPTION 'rule priority_of_own_forum' USING ERRCODE = 'check_violation', CONSTRAINT = 'priority_of_own_forum';
  END IF;
  RETURN NEW;
END
$rule$;
CREATE TRIGGER priority_of_own_forum BEFORE INSERT OR UPDATE ON forums_priority FOR EACH ROW EXECUTE FUNCTION priority_of_own_forum();
""",
            "DROP TRIGGER priority_of_own_forum ON forums_priority; DROP FUNCTION priority_of_own_forum();",
        ),
    ]
