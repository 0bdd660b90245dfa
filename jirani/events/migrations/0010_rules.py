"""Triggers for the rules of this app (rules.py) as they were then; a rule that changes is replaced by another migration."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0009_told"),
    ]

    operations = [
        migrations.RunSQL(
            """
CREATE FUNCTION event_in_no_circle() RETURNS trigger LANGUAGE plpgsql AS $rule$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.follow_up_of_id) IS NOT DISTINCT FROM (OLD.follow_up_of_id) THEN RETURN NEW; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('event_in_no_circle', 0));
  IF EXISTS (WITH RECURSIVE before (id) AS (
        SELECT NEW.follow_up_of_id UNION SELECT e.follow_up_of_id FROM events_event e JOIN before b ON e.id = b.id
      ) SELECT FROM before WHERE before.id = NEW.id) THEN
    RAISE EXCEPTION 'rule event_in_no_circle' USING ERRCODE = 'check_violation', CONSTRAINT = 'event_in_no_circle';
  END IF;
  RETURN NEW;
END
$rule$;
CREATE TRIGGER event_in_no_circle BEFORE INSERT OR UPDATE ON events_event FOR EACH ROW EXECUTE FUNCTION event_in_no_circle();
""",
            "DROP TRIGGER event_in_no_circle ON events_event; DROP FUNCTION event_in_no_circle();",
        ),
        migrations.RunSQL(
            """
CREATE FUNCTION event_follows_an_earlier() RETURNS trigger LANGUAGE plpgsql AS $rule$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.follow_up_of_id, NEW.starts_on) IS NOT DISTINCT FROM (OLD.follow_up_of_id, OLD.starts_on) THEN RETURN NEW; END IF;
  IF EXISTS (SELECT FROM events_event e WHERE e.id = NEW.follow_up_of_id
        AND CASE WHEN e.date_precision = 'day' AND NEW.date_precision = 'day' THEN e.starts_on > NEW.starts_on
          ELSE extract(year FROM e.starts_on) > extract(year FROM NEW.starts_on) END) THEN
    RAISE EXCEPTION 'rule event_follows_an_earlier' USING ERRCODE = 'check_violation', CONSTRAINT = 'event_follows_an_earlier';
  END IF;
  RETURN NEW;
END
$rule$;
CREATE TRIGGER event_follows_an_earlier BEFORE INSERT OR UPDATE ON events_event FOR EACH ROW EXECUTE FUNCTION event_follows_an_earlier();
""",
            "DROP TRIGGER event_follows_an_earlier ON events_event; DROP FUNCTION event_follows_an_earlier();",
        ),
        migrations.RunSQL(
            """
CREATE FUNCTION part_of_own_participant() RETURNS trigger LANGUAGE plpgsql AS $rule$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.session_id, NEW.participation_id) IS NOT DISTINCT FROM (OLD.session_id, OLD.participation_id) THEN RETURN NEW; END IF;
  IF (SELECT s.event_id FROM events_session s WHERE s.id = NEW.session_id)
      <> (SELECT p.event_id FROM events_participation p WHERE p.id = NEW.participation_id) THEN
    RAISE EXCEPTION 'rule part_of_own_participant' USING ERRCODE = 'check_violation', CONSTRAINT = 'part_of_own_participant';
  END IF;
  RETURN NEW;
END
$rule$;
CREATE TRIGGER part_of_own_participant BEFORE INSERT OR UPDATE ON events_sessionpart FOR EACH ROW EXECUTE FUNCTION part_of_own_participant();
""",
            "DROP TRIGGER part_of_own_participant ON events_sessionpart; DROP FUNCTION part_of_own_participant();",
        ),
        migrations.RunSQL(
            """
CREATE FUNCTION participation_of_own_delegation() RETURNS trigger LANGUAGE plpgsql AS $rule$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.event_id, NEW.delegation_id) IS NOT DISTINCT FROM (OLD.event_id, OLD.delegation_id) THEN RETURN NEW; END IF;
  IF (SELECT d.event_id FROM events_delegation d WHERE d.id = NEW.delegation_id) <> NEW.event_id THEN
    RAISE EXCEPTION 'rule participation_of_own_delegation' USING ERRCODE = 'check_violation', CONSTRAINT = 'participation_of_own_delegation';
  END IF;
  RETURN NEW;
END
$rule$;
CREATE TRIGGER participation_of_own_delegation BEFORE INSERT OR UPDATE ON events_participation FOR EACH ROW EXECUTE FUNCTION participation_of_own_delegation();
""",
            "DROP TRIGGER participation_of_own_delegation ON events_participation; DROP FUNCTION participation_of_own_delegation();",
        ),
    ]
