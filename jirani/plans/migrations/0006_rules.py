"""Triggers for the rules of this app (rules.py) as they were then; a rule that changes is replaced by another migration."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("plans", "0005_checks"),
    ]

    operations = [
        migrations.RunSQL(
            """
CREATE FUNCTION plan_in_no_circle() RETURNS trigger LANGUAGE plpgsql AS $rule$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.supersedes_id) IS NOT DISTINCT FROM (OLD.supersedes_id) THEN RETURN NEW; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('plan_in_no_circle', 0));
  IF EXISTS (WITH RECURSIVE before (id) AS (
        SELECT NEW.supersedes_id UNION SELECT p.supersedes_id FROM plans_actionplan p JOIN before b ON p.id = b.id
      ) SELECT FROM before WHERE before.id = NEW.id) THEN
    RAISE EXCEPTION 'rule plan_in_no_circle' USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_in_no_circle';
  END IF;
  RETURN NEW;
END
$rule$;
CREATE TRIGGER plan_in_no_circle BEFORE INSERT OR UPDATE ON plans_actionplan FOR EACH ROW EXECUTE FUNCTION plan_in_no_circle();
""",
            "DROP TRIGGER plan_in_no_circle ON plans_actionplan; DROP FUNCTION plan_in_no_circle();",
        ),
        migrations.RunSQL(
            """
CREATE FUNCTION plan_after_own_plan() RETURNS trigger LANGUAGE plpgsql AS $rule$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.supersedes_id, NEW.authority_id) IS NOT DISTINCT FROM (OLD.supersedes_id, OLD.authority_id) THEN RETURN NEW; END IF;
  IF (SELECT p.authority_id FROM plans_actionplan p WHERE p.id = NEW.supersedes_id) <> NEW.authority_id THEN
    RAISE EXCEPTION 'rule plan_after_own_plan' USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_after_own_plan';
  END IF;
  RETURN NEW;
END
$rule$;
CREATE TRIGGER plan_after_own_plan BEFORE INSERT OR UPDATE ON plans_actionplan FOR EACH ROW EXECUTE FUNCTION plan_after_own_plan();
""",
            "DROP TRIGGER plan_after_own_plan ON plans_actionplan; DROP FUNCTION plan_after_own_plan();",
        ),
        migrations.RunSQL(
            """
CREATE FUNCTION plan_version_once() RETURNS trigger LANGUAGE plpgsql AS $rule$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.authority_id, NEW.version) IS NOT DISTINCT FROM (OLD.authority_id, OLD.version) THEN RETURN NEW; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('plan_version_once', 0));
  IF EXISTS (SELECT FROM plans_actionplan o
        WHERE o.authority_id = NEW.authority_id AND o.version = NEW.version AND o.id <> NEW.id) THEN
    RAISE EXCEPTION 'rule plan_version_once' USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_version_once';
  END IF;
  RETURN NEW;
END
$rule$;
CREATE TRIGGER plan_version_once BEFORE INSERT OR UPDATE ON plans_actionplan FOR EACH ROW EXECUTE FUNCTION plan_version_once();
""",
            "DROP TRIGGER plan_version_once ON plans_actionplan; DROP FUNCTION plan_version_once();",
        ),
        migrations.RunSQL(
            """
CREATE FUNCTION plan_of_own_forum() RETURNS trigger LANGUAGE plpgsql AS $rule$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.authority_id, NEW.forum_id) IS NOT DISTINCT FROM (OLD.authority_id, OLD.forum_id) THEN RETURN NEW; END IF;
  IF (SELECT f.authority_id FROM forums_forum f WHERE f.id = NEW.forum_id) <> NEW.authority_id THEN
    RAISE EXCEPTION 'rule plan_of_own_forum' USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_of_own_forum';
  END IF;
  RETURN NEW;
END
$rule$;
CREATE TRIGGER plan_of_own_forum BEFORE INSERT OR UPDATE ON plans_actionplan FOR EACH ROW EXECUTE FUNCTION plan_of_own_forum();
""",
            "DROP TRIGGER plan_of_own_forum ON plans_actionplan; DROP FUNCTION plan_of_own_forum();",
        ),
        migrations.RunSQL(
            """
CREATE FUNCTION pillar_of_own_group() RETURNS trigger LANGUAGE plpgsql AS $rule$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.plan_id, NEW.working_group_id) IS NOT DISTINCT FROM (OLD.plan_id, OLD.working_group_id) THEN RETURN NEW; END IF;
  IF (SELECT g.forum_id FROM forums_workinggroup g WHERE g.id = NEW.working_group_id)
      IS DISTINCT FROM (SELECT p.forum_id FROM plans_actionplan p WHERE p.id = NEW.plan_id) AND NEW.working_group_id IS NOT NULL THEN
    RAISE EXCEPTION 'rule pillar_of_own_group' USING ERRCODE = 'check_violation', CONSTRAINT = 'pillar_of_own_group';
  END IF;
  RETURN NEW;
END
$rule$;
CREATE TRIGGER pillar_of_own_group BEFORE INSERT OR UPDATE ON plans_pillar FOR EACH ROW EXECUTE FUNCTION pillar_of_own_group();
""",
            "DROP TRIGGER pillar_of_own_group ON plans_pillar; DROP FUNCTION pillar_of_own_group();",
        ),
        migrations.RunSQL(
            """
CREATE FUNCTION activity_of_own_decision() RETURNS trigger LANGUAGE plpgsql AS $rule$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.objective_id, NEW.decided_in_id) IS NOT DISTINCT FROM (OLD.objective_id, OLD.decided_in_id) THEN RETURN NEW; END IF;
  IF (SELECT m.forum_id FROM forums_decision d JOIN forums_meeting m ON m.id = d.meeting_id WHERE d.id = NEW.decided_in_id)
      <> (SELECT p.forum_id FROM plans_objective o JOIN plans_pillar i ON i.id = o.pillar_id
        JOIN plans_actionplan p ON p.id = i.plan_id WHERE o.id = NEW.objective_id) THEN
    RAISE EXCEPTION 'rule activity_of_own_decision' USING ERRCODE = 'check_violation', CONSTRAINT = 'activity_of_own_decision';
  END IF;
  RETURN NEW;
END
$rule$;
CREATE TRIGGER activity_of_own_decision BEFORE INSERT OR UPDATE ON plans_activity FOR EACH ROW EXECUTE FUNCTION activity_of_own_decision();
""",
            "DROP TRIGGER activity_of_own_decision ON plans_activity; DROP FUNCTION activity_of_own_decision();",
        ),
    ]
