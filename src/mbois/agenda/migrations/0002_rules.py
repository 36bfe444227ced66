"""What the database keeps by itself: the places taken, and how many wait, from the registrations."""

from django.db import migrations

COUNTED = """
CREATE FUNCTION agenda_seats_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.taken <> 0 OR NEW.waiting <> 0 THEN
        RAISE EXCEPTION 'seats_are_counted: new seats begin with none taken'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'seats_are_counted';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER seats_begin BEFORE INSERT ON agenda_seats
    FOR EACH ROW EXECUTE FUNCTION agenda_seats_begin();

CREATE TRIGGER seats_are_counted BEFORE UPDATE OF taken, waiting ON agenda_seats
    FOR EACH ROW WHEN (OLD.taken IS DISTINCT FROM NEW.taken OR OLD.waiting IS DISTINCT FROM NEW.waiting)
    EXECUTE FUNCTION places_only_triggers_write('seats_are_counted', 'write a registration or end it');

CREATE FUNCTION agenda_registrations_take() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE agenda_seats s SET taken = s.taken + c.held, waiting = s.waiting + c.waits
      FROM (SELECT region_id, activity_id,
                   coalesce(sum(places) FILTER (WHERE state IN ('confirmed', 'offered')), 0)::integer AS held,
                   (count(*) FILTER (WHERE state = 'waiting'))::integer AS waits
              FROM new_rows GROUP BY region_id, activity_id) AS c
     WHERE s.region_id = c.region_id AND s.activity_id = c.activity_id AND (c.held <> 0 OR c.waits <> 0);
    RETURN NULL;
END
$$;
CREATE TRIGGER registrations_take AFTER INSERT ON agenda_registration
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION agenda_registrations_take();

CREATE FUNCTION agenda_registrations_take_other() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE agenda_seats s SET taken = s.taken + c.held, waiting = s.waiting + c.waits
      FROM (SELECT region_id, activity_id,
                   coalesce(sum(places) FILTER (WHERE state IN ('confirmed', 'offered')), 0)::integer AS held,
                   (coalesce(sum(one) FILTER (WHERE state = 'waiting'), 0))::integer AS waits
              FROM (SELECT region_id, activity_id, state, places, 1 AS one FROM new_rows
                    UNION ALL SELECT region_id, activity_id, state, -places, -1 FROM old_rows) AS changed
             GROUP BY region_id, activity_id) AS c
     WHERE s.region_id = c.region_id AND s.activity_id = c.activity_id AND (c.held <> 0 OR c.waits <> 0);
    RETURN NULL;
END
$$;
CREATE TRIGGER registrations_take_other AFTER UPDATE ON agenda_registration
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION agenda_registrations_take_other();
"""

UNDO_COUNTED = """
DROP TRIGGER registrations_take_other ON agenda_registration;
DROP FUNCTION agenda_registrations_take_other();
DROP TRIGGER registrations_take ON agenda_registration;
DROP FUNCTION agenda_registrations_take();
DROP TRIGGER seats_are_counted ON agenda_seats;
DROP TRIGGER seats_begin ON agenda_seats;
DROP FUNCTION agenda_seats_begin();
"""


class Migration(migrations.Migration):
    dependencies = [("agenda", "0001_initial"), ("places", "0002_rules")]
    operations = [migrations.RunSQL(COUNTED, UNDO_COUNTED)]
