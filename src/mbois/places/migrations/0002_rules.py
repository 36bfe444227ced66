"""A guard that the tables of every room may use, and one on who did what."""

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

# The trails of all rooms name their row of it: who, from where, on which page.
WHO = """
CREATE FUNCTION places_context_is_never_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'trail_never_emptied: %', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = 'trail_never_emptied';
END
$$;
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON pghistory_context
    FOR EACH STATEMENT EXECUTE FUNCTION places_context_is_never_emptied();

-- It is written again while its request goes on, with what became known meanwhile.
CREATE FUNCTION places_context_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.id = OLD.id AND NEW.created_at = OLD.created_at
       AND (NEW.metadata = OLD.metadata OR OLD.created_at > now() - interval '1 hour') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'trail_stays: who did what is not changed or removed'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'trail_stays';
END
$$;
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON pghistory_context
    FOR EACH ROW EXECUTE FUNCTION places_context_stays();
"""
NOT_WHO = """
DROP TRIGGER stays ON pghistory_context;
DROP TRIGGER never_emptied ON pghistory_context;
DROP FUNCTION places_context_stays();
DROP FUNCTION places_context_is_never_emptied();
"""


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]
    operations = [
        migrations.RunSQL(GUARD, "DROP FUNCTION places_only_triggers_write()"),
        migrations.RunSQL(WHO, NOT_WHO),
    ]
