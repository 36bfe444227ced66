"""What the database keeps by itself beside the tables: the weights of a call are 100 together, and stay
as they are once somebody has judged by them; a published call is complete; an extended deadline."""

from django.db import migrations

RULES = """
CREATE FUNCTION startups_weights_are_a_hundred() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    total integer;
    of_region text := coalesce(NEW.region_id, OLD.region_id);
    of_call bigint := coalesce(NEW.call_id, OLD.call_id);
BEGIN
    SELECT sum(weight) INTO total FROM startups_criterion
     WHERE region_id = of_region AND call_id = of_call;
    IF total IS NOT NULL AND total <> 100 THEN
        RAISE EXCEPTION 'startup_weights_are_a_hundred: they are %', total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'startup_weights_are_a_hundred';
    END IF;
    IF total IS NULL AND EXISTS (SELECT FROM startups_call
         WHERE region_id = of_region AND id = of_call AND published_at IS NOT NULL) THEN
        RAISE EXCEPTION 'startup_weights_are_a_hundred: a published call has criteria'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'startup_weights_are_a_hundred';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER startup_weights_are_a_hundred
    AFTER INSERT OR UPDATE OR DELETE ON startups_criterion DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION startups_weights_are_a_hundred();

CREATE FUNCTION startups_criteria_stay() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_region text := coalesce(NEW.region_id, OLD.region_id);
    of_call bigint := coalesce(NEW.call_id, OLD.call_id);
BEGIN
    IF EXISTS (SELECT FROM startups_review r JOIN startups_application a
         ON a.region_id = r.region_id AND a.id = r.application_id
         WHERE a.region_id = of_region AND a.call_id = of_call AND r.sent_at IS NOT NULL) THEN
        RAISE EXCEPTION 'startup_criteria_stay: somebody has judged by them'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'startup_criteria_stay';
    END IF;
    RETURN coalesce(NEW, OLD);
END
$$;
CREATE TRIGGER startup_criteria_stay
    BEFORE INSERT OR DELETE OR UPDATE OF weight, call_id ON startups_criterion
    FOR EACH ROW EXECUTE FUNCTION startups_criteria_stay();

CREATE FUNCTION startups_published_call_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM startups_criterion WHERE region_id = NEW.region_id AND call_id = NEW.id)
       OR NOT EXISTS (SELECT FROM startups_question WHERE region_id = NEW.region_id AND call_id = NEW.id)
       OR NOT EXISTS (SELECT FROM startups_phase WHERE region_id = NEW.region_id AND call_id = NEW.id
                         AND kind = 'call') THEN
        RAISE EXCEPTION 'startup_published_call_is_whole: %', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'startup_published_call_is_whole';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER startup_published_call_is_whole
    AFTER INSERT OR UPDATE OF published_at ON startups_call DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.published_at IS NOT NULL)
    EXECUTE FUNCTION startups_published_call_is_whole();

-- Whoever relied on a deadline keeps it: that of a published call only moves later.
CREATE FUNCTION startups_deadline_moves_later() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM startups_call WHERE region_id = OLD.region_id AND id = OLD.call_id
         AND published_at IS NOT NULL)
       AND (TG_OP = 'DELETE' OR upper(NEW.during) < upper(OLD.during)) THEN
        RAISE EXCEPTION 'startup_deadline_moves_later: it was %', upper(OLD.during)
            USING ERRCODE = 'check_violation', CONSTRAINT = 'startup_deadline_moves_later';
    END IF;
    RETURN coalesce(NEW, OLD);
END
$$;
CREATE TRIGGER startup_deadline_moves_later BEFORE UPDATE OF during OR DELETE ON startups_phase
    FOR EACH ROW WHEN (OLD.kind = 'call') EXECUTE FUNCTION startups_deadline_moves_later();

-- Thrown away only while applications are taken.
CREATE FUNCTION startups_file_goes_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    taken tstzrange;
BEGIN
    SELECT p.during INTO taken FROM startups_application a JOIN startups_phase p
        ON p.region_id = a.region_id AND p.call_id = a.call_id AND p.kind = 'call'
     WHERE a.region_id = OLD.region_id AND a.id = OLD.application_id;
    IF taken IS NULL OR NOT taken @> clock_timestamp() THEN
        RAISE EXCEPTION 'startup_application_in_time: applications are taken %', taken
            USING ERRCODE = 'check_violation', CONSTRAINT = 'startup_application_in_time';
    END IF;
    RETURN OLD;
END
$$;
CREATE TRIGGER startup_file_goes_in_time BEFORE DELETE ON startups_applicationfile
    FOR EACH ROW EXECUTE FUNCTION startups_file_goes_in_time();
"""

UNDO = """
DROP TRIGGER startup_file_goes_in_time ON startups_applicationfile;
DROP FUNCTION startups_file_goes_in_time();
DROP TRIGGER startup_deadline_moves_later ON startups_phase;
DROP FUNCTION startups_deadline_moves_later();
DROP TRIGGER startup_published_call_is_whole ON startups_call;
DROP FUNCTION startups_published_call_is_whole();
DROP TRIGGER startup_criteria_stay ON startups_criterion;
DROP FUNCTION startups_criteria_stay();
DROP TRIGGER startup_weights_are_a_hundred ON startups_criterion;
DROP FUNCTION startups_weights_are_a_hundred();
"""


class Migration(migrations.Migration):
    dependencies = [("startups", "0001_initial")]
    operations = [migrations.RunSQL(RULES, UNDO)]
