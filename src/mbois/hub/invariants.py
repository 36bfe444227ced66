"""What must be true of the creative centre."""

from mbois.invariants import Invariant

INVARIANTS = [
    Invariant(
        "no_space_is_held_twice",
        "No two bookings that hold the same space overlap, their buffer included.",
        """
        SELECT a.region_id, a.code, b.code AS other FROM hub_booking a
        JOIN hub_booking b ON b.region_id = a.region_id AND b.space_id = a.space_id AND b.id > a.id
                          AND b.occupied && a.occupied
        WHERE a.state IN ('requested', 'offered', 'confirmed', 'here')
          AND b.state IN ('requested', 'offered', 'confirmed', 'here')
        """,
    ),
    Invariant(
        "no_piece_is_lent_twice",
        "No piece of equipment is with two bookings at the same time, and none with a booking that is over.",
        """
        SELECT a.region_id, a.id, b.id AS other FROM hub_equipmentuse a
        JOIN hub_equipmentuse b ON b.region_id = a.region_id AND b.unit_id = a.unit_id AND b.id > a.id
                               AND b.during && a.during
        WHERE a.state IN ('held', 'out') AND b.state IN ('held', 'out')
        UNION ALL
        SELECT u.region_id, u.id, k.id FROM hub_equipmentuse u
        JOIN hub_booking k ON k.region_id = u.region_id AND k.id = u.booking_id
        WHERE u.state = 'held' AND k.state IN ('cancelled', 'declined', 'no_show')
        """,
    ),
    Invariant(
        "what_a_booking_occupies",
        "Every booking occupies its own time and not less.",
        """
        SELECT region_id, code FROM hub_booking
        WHERE NOT (occupied @> during) OR lower(occupied) <> lower(during)
        """,
    ),
    Invariant(
        "an_offer_ends_before_its_start",
        "No offer of a freed time reaches beyond the beginning of that time.",
        """
        SELECT region_id, code FROM hub_booking WHERE state = 'offered' AND offer_until > lower(during)
        """,
    ),
    Invariant(
        "who_is_offered_waited",
        "Every offer belongs to exactly one entry of the waiting list, of the same person and space.",
        """
        SELECT k.region_id, k.code, count(w.id) FROM hub_booking k
        LEFT JOIN hub_waiting w ON w.region_id = k.region_id AND w.booking_id = k.id
              AND w.booked_by_id = k.booked_by_id AND w.space_id = k.space_id AND w.state = 'offered'
        WHERE k.state = 'offered' GROUP BY k.region_id, k.code HAVING count(w.id) <> 1
        """,
    ),
    Invariant(
        "nobody_decided_for_themselves",
        "No request was approved or declined by who made it.",
        """
        SELECT region_id, code FROM hub_booking
        WHERE state IN ('confirmed', 'declined', 'here') AND decided_by_id = booked_by_id
        """,
    ),
]
