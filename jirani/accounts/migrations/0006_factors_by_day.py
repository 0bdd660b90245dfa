"""Keep only the day on which a second factor was set up, looked at or used, whoever writes the row."""

from django.db import migrations

KEEP = """
CREATE FUNCTION jirani_factor_by_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.created_at := date_trunc('day', NEW.created_at, 'UTC');
  NEW.last_used_at := date_trunc('day', NEW.last_used_at, 'UTC');
  IF NEW.data ? 'viewed_at' THEN
    NEW.data := jsonb_set(NEW.data, '{viewed_at}', '1');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER jirani_factor_by_day BEFORE INSERT OR UPDATE ON mfa_authenticator
  FOR EACH ROW EXECUTE FUNCTION jirani_factor_by_day();
"""

LEAVE = "DROP TRIGGER jirani_factor_by_day ON mfa_authenticator; DROP FUNCTION jirani_factor_by_day();"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_spell_addresses"), ("mfa", "0003_authenticator_type_uniq")]

    operations = [migrations.RunSQL(KEEP, LEAVE)]
