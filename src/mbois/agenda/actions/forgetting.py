"""Participants are forgotten a year after the activity: what they gave is no longer needed, the figures
are. A certificate keeps its name, for as long as somebody may want to check it."""

from datetime import timedelta

from django.db import connection, transaction

from mbois import clock

KEPT_FOR = timedelta(days=365)
_AT_ONCE = 1_000

_REGISTRATIONS = """
WITH old AS (
    SELECT r.region_id, r.id FROM agenda_registration r
      JOIN agenda_activity a ON a.region_id = r.region_id AND a.id = r.activity_id
     WHERE a.ends_at < %(before)s AND r.forgotten_at IS NULL
     ORDER BY r.region_id, r.id LIMIT %(most)s FOR NO KEY UPDATE OF r SKIP LOCKED)
UPDATE agenda_registration r
   SET name = '', email = '', phone = '', answers = '{}', person_id = NULL, end_reason = '', forgotten_at = %(now)s
  FROM old WHERE r.region_id = old.region_id AND r.id = old.id
RETURNING r.region_id, r.id
"""
# What was written of them elsewhere.
_ELSEWHERE = (
    """UPDATE agenda_registrationevent
          SET name = '', email = '', phone = '', answers = '{}', person_id = NULL, end_reason = ''
        WHERE pgh_obj_id = ANY(%(keys)s)""",
    "UPDATE agenda_ticket SET name = '' WHERE registration_id = ANY(%(keys)s) AND name <> ''",
    "DELETE FROM agenda_letter WHERE registration_id = ANY(%(keys)s)",
)


def forget_participants() -> int:
    """Erase names, addresses, phones and answers of who registered for what ended more than KEPT_FOR ago,
    wherever they stand; says of how many registrations. Again is no harm."""
    now = clock.now()
    done = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_REGISTRATIONS, {"before": now - KEPT_FOR, "most": _AT_ONCE, "now": now})
            keys = [key for _region, key in cursor.fetchall()]
            for statement in _ELSEWHERE:
                cursor.execute(statement, {"keys": keys})
        done += len(keys)
        if not keys:
            return done
