"""Whether an event comes after the one that it follows is asked too when its days are said more exactly."""

from django.db import migrations

_NOW = """
CREATE OR REPLACE FUNCTION event_follows_an_earlier() RETURNS trigger LANGUAGE plpgsql AS $rule$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.follow_up_of_id, NEW.starts_on, NEW.date_precision) IS NOT DISTINCT FROM (OLD.follow_up_of_id, OLD.starts_on, OLD.date_precision) THEN RETURN NEW; END IF;
  IF EXISTS (SELECT FROM events_event e WHERE e.id = NEW.follow_up_of_id
        AND CASE WHEN e.date_precision = 'day' AND NEW.date_precision = 'day' THEN e.starts_on > NEW.starts_on
          ELSE extract(year FROM e.starts_on) > extract(year FROM NEW.starts_on) END) THEN
    RAISE EXCEPTION 'rule event_follows_an_earlier' USING ERRCODE = 'check_violation', CONSTRAINT = 'event_follows_an_earlier';
  END IF;
  RETURN NEW;
END
$rule$;
"""
_BEFORE = """
CREATE OR REPLACE FUNCTION event_follows_an_earlier() RETURNS trigger LANGUAGE plpgsql AS $rule$
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
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0013_keeps_record")]

    operations = [migrations.RunSQL(_NOW, _BEFORE)]
