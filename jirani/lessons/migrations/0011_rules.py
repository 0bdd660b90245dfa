"""Triggers for the rules of this app (rules.py) as they were then; a rule that changes is replaced by another migration."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("lessons", "0010_one_addressee_gone"),
    ]

    operations = [
        migrations.RunSQL(
            """
CREATE FUNCTION lesson_of_own_session() RETURNS trigger LANGUAGE plpgsql AS $rule$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.event_id, NEW.session_id) IS NOT DISTINCT FROM (OLD.event_id, OLD.session_id) THEN RETURN NEW; END IF;
  IF (SELECT s.event_id FROM events_session s WHERE s.id = NEW.session_id) <> NEW.event_id THEN
    RAISE EXCEPTION 'rule lesson_of_own_session' USING ERRCODE = 'check_violation', CONSTRAINT = 'lesson_of_own_session';
  END IF;
  RETURN NEW;
END
$rule$;
CREATE TRIGGER lesson_of_own_session BEFORE INSERT OR UPDATE ON lessons_lesson FOR EACH ROW EXECUTE FUNCTION lesson_of_own_session();
""",
            "DROP TRIGGER lesson_of_own_session ON lessons_lesson; DROP FUNCTION lesson_of_own_session();",
        ),
    ]
