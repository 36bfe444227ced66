"""A guard that the tables of every room may use."""

from django.db import migrations

# A trigger on a column names the rule and what to do instead: `EXECUTE FUNCTION
# places_only_triggers_write('rule_broken', 'write a transfer instead')`.
GUARD = """
CREATE FUNCTION places_only_triggers_write() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION '%: %', TG_ARGV[0], TG_ARGV[1]
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[0];
    END IF;
    RETURN NEW;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, "DROP FUNCTION places_only_triggers_write()")]
