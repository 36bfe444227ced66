"""What must be true of the registry."""

from mbois.invariants import Invariant

INVARIANTS = [
    Invariant(
        "merged_leads_somewhere",
        "Every merged enterprise leads, at the end of its pointers, to a living one of its region.",
        """
        WITH RECURSIVE trail AS (
            SELECT region_id, id, number, merged_into_id AS next, 1 AS steps
            FROM enterprises_enterprise WHERE state = 'merged'
            UNION ALL
            SELECT t.region_id, t.id, t.number, e.merged_into_id, t.steps + 1
            FROM trail t JOIN enterprises_enterprise e ON e.region_id = t.region_id AND e.id = t.next
            WHERE e.state = 'merged' AND t.steps < 100
        )
        SELECT region_id, number FROM trail GROUP BY region_id, id, number
        HAVING NOT bool_or(EXISTS (
            SELECT 1 FROM enterprises_enterprise e
            WHERE e.region_id = trail.region_id AND e.id = trail.next AND e.state <> 'merged'))
        """,
    ),
    Invariant(
        "village_of_its_region",
        "Every enterprise lies in a village of its own region.",
        """
        SELECT e.region_id, e.number, e.village_id FROM enterprises_enterprise e
        JOIN places_area a ON a.code = e.village_id
        WHERE a.region_id IS DISTINCT FROM e.region_id OR a.level <> 'village'
        """,
    ),
]
