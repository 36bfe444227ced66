"""What must be true of activities."""

from mbois.invariants import Invariant

INVARIANTS = [
    Invariant(
        "activity_places_taken_are_those_held",
        "The places taken of every activity are those of its confirmed and offered registrations, and the "
        "waiting ones are counted.",
        """
        SELECT s.region_id, s.activity_id, s.taken, s.waiting, h.held, h.waits FROM agenda_seats s
        LEFT JOIN LATERAL (
            SELECT coalesce(sum(places) FILTER (WHERE state IN ('confirmed', 'offered')), 0) AS held,
                   count(*) FILTER (WHERE state = 'waiting') AS waits
              FROM agenda_registration r WHERE r.region_id = s.region_id AND r.activity_id = s.activity_id) h ON true
        WHERE (s.taken, s.waiting) IS DISTINCT FROM (h.held::int, h.waits::int)
        """,
    ),
    Invariant(
        "registration_has_a_ticket_for_each_place",
        "Every confirmed registration has as many good tickets as places, every other none.",
        """
        SELECT r.region_id, r.id, r.state, r.places, t.good FROM agenda_registration r
        LEFT JOIN LATERAL (
            SELECT count(*) AS good FROM agenda_ticket t
             WHERE t.region_id = r.region_id AND t.registration_id = r.id AND t.cancelled_at IS NULL) t ON true
        WHERE t.good <> CASE WHEN r.state = 'confirmed' THEN r.places ELSE 0 END
        """,
    ),
    Invariant(
        "offer_ends_by_the_start",
        "No open offer ends after its activity begins.",
        """
        SELECT r.region_id, r.id, r.offer_ends_at, a.begins_at FROM agenda_registration r
        JOIN agenda_activity a ON a.region_id = r.region_id AND a.id = r.activity_id
        WHERE r.state = 'offered' AND r.offer_ends_at > a.begins_at
        """,
    ),
    Invariant(
        "attendance_is_the_earliest_scan",
        "Every attendance that nobody corrected is the earliest scan of its ticket that counts.",
        """
        SELECT a.region_id, a.id, a.at, s.first FROM agenda_attendance a
        JOIN LATERAL (
            SELECT min(counted_at) AS first FROM agenda_scan s WHERE s.region_id = a.region_id
               AND s.ticket_id = a.ticket_id AND s.activity_id = a.activity_id AND s.problem = '') s ON true
        WHERE a.by_id IS NULL AND a.at IS DISTINCT FROM s.first
        """,
    ),
    Invariant(
        "scan_that_counts_is_an_attendance",
        "No scan that counts is lost: its ticket attended.",
        """
        SELECT s.region_id, s.id FROM agenda_scan s
        WHERE s.problem = '' AND s.ticket_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM agenda_attendance a WHERE a.region_id = s.region_id AND a.ticket_id = s.ticket_id
               AND a.activity_id = s.activity_id)
        """,
    ),
    Invariant(
        "attendance_of_its_own_activity",
        "Every ticket attended its own activity or a part of it.",
        """
        SELECT a.region_id, a.id FROM agenda_attendance a
        JOIN agenda_ticket t ON t.region_id = a.region_id AND t.id = a.ticket_id
        JOIN agenda_activity p ON p.region_id = a.region_id AND p.id = a.activity_id
        WHERE t.activity_id <> p.id AND t.activity_id IS DISTINCT FROM p.parent_id
        """,
    ),
    Invariant(
        "certificate_is_of_enough_sessions",
        "Every good certificate says what was attended.",
        """
        SELECT c.region_id, c.number, c.attended, n.here FROM agenda_certificate c
        JOIN LATERAL (
            SELECT count(*) AS here FROM agenda_attendance a
              JOIN agenda_activity p ON p.region_id = a.region_id AND p.id = a.activity_id
             WHERE a.region_id = c.region_id AND a.ticket_id = c.ticket_id AND a.withdrawn_at IS NULL
               AND (p.id = c.activity_id OR (p.parent_id = c.activity_id AND p.entry = 'whole'))) n ON true
        WHERE c.revoked_at IS NULL AND n.here < c.attended
        """,
    ),
    Invariant(
        "activity_has_its_row_of_places",
        "Every activity has its one row of places.",
        """
        SELECT a.region_id, a.code FROM agenda_activity a WHERE NOT EXISTS (
            SELECT FROM agenda_seats s WHERE s.region_id = a.region_id AND s.activity_id = a.id)
        """,
    ),
]
