"""A trigger: what stands in a plan falls within its days."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("plans", "0006_rules"),
    ]

    operations = [
        migrations.RunSQL(
            """
CREATE FUNCTION activity_within_plan() RETURNS trigger LANGUAGE plpgsql AS $rule$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.objective_id, NEW.from_on, NEW.until_on) IS NOT DISTINCT FROM (OLD.objective_id, OLD.from_on, OLD.until_on) THEN RETURN NEW; END IF;
  IF EXISTS (SELECT FROM plans_objective o JOIN plans_pillar i ON i.id = o.pillar_id JOIN plans_actionplan p ON p.id = i.plan_id
        WHERE o.id = NEW.objective_id AND (LEAST(NEW.from_on, NEW.until_on) < p.from_on
          OR GREATEST(NEW.from_on, NEW.until_on) > CASE
            WHEN p.until_precision = 'year' THEN (date_trunc('year', p.until_on) + interval '1 year - 1 day')::date
            WHEN p.until_precision IN ('month', 'by-month') THEN (date_trunc('month', p.until_on) + interval '1 month - 1 day')::date
            ELSE p.until_on END)) THEN
    RAISE EXCEPTION 'rule activity_within_plan' USING ERRCODE = 'check_violation', CONSTRAINT = 'activity_within_plan';
  END IF;
  RETURN NEW;
END
$rule$;
CREATE TRIGGER activity_within_plan BEFORE INSERT OR UPDATE ON plans_activity FOR EACH ROW EXECUTE FUNCTION activity_within_plan();
""",
            "DROP TRIGGER activity_within_plan ON plans_activity; DROP FUNCTION activity_within_plan();",
        ),
    ]
