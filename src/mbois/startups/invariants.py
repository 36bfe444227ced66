"""What must be true of all startups, each as one query for the rows that break it."""

from mbois.invariants import Invariant

INVARIANTS = [
    Invariant(
        "startup_weights_are_a_hundred",
        "The weights of every call are 100 together.",
        """
        SELECT region_id, call_id, sum(weight) FROM startups_criterion
        GROUP BY region_id, call_id HAVING sum(weight) <> 100
        """,
    ),
    Invariant(
        "startup_review_total_is_its_points",
        "The total of every review that was sent is the weighted sum of its points.",
        """
        SELECT r.region_id, r.id, r.total FROM startups_review r
        JOIN startups_application a ON a.region_id = r.region_id AND a.id = r.application_id
        WHERE r.sent_at IS NOT NULL AND r.total IS DISTINCT FROM (
            SELECT sum(c.weight * (r.points ->> c.id::text)::integer) FROM startups_criterion c
            WHERE c.region_id = a.region_id AND c.call_id = a.call_id)
        """,
    ),
    Invariant(
        "startup_no_review_by_the_team",
        "Nobody of a team judged its own application.",
        """
        SELECT r.region_id, r.id FROM startups_review r
        JOIN startups_application a ON a.region_id = r.region_id AND a.id = r.application_id
        JOIN startups_member m ON m.region_id = a.region_id AND m.startup_id = a.startup_id
        WHERE m.person_id = r.reviewer_id AND m.joined_at < r.begun_at
        """,
    ),
    Invariant(
        "startup_conflict_counts_no_review",
        "No review of somebody with a declared conflict counts.",
        """
        SELECT r.region_id, r.id FROM startups_review r
        JOIN startups_conflict c ON c.region_id = r.region_id AND c.application_id = r.application_id
             AND c.person_id = r.reviewer_id
        WHERE r.taken_out_at IS NULL
        """,
    ),
    Invariant(
        "startup_submitted_in_time",
        "Every application was sent before the deadline of its call.",
        """
        SELECT a.region_id, a.number FROM startups_application a
        LEFT JOIN startups_phase p ON p.region_id = a.region_id AND p.call_id = a.call_id AND p.kind = 'call'
        WHERE a.submitted_at IS NOT NULL AND (p.id IS NULL OR a.submitted_at >= upper(p.during))
        """,
    ),
    Invariant(
        "startup_decision_behind_every_state",
        "Every application that was invited, accepted, put on the waiting list or refused has its decision "
        "with a reason.",
        """
        SELECT a.region_id, a.number, a.state FROM startups_application a
        WHERE a.state IN ('interview', 'accepted', 'waiting', 'refused') AND NOT EXISTS (
            SELECT 1 FROM startups_decision d WHERE d.region_id = a.region_id
              AND d.application_id = a.id AND d.outcome = a.state)
        """,
    ),
    Invariant(
        "startup_evidence_checked_by_others",
        "No milestone was accepted by somebody of the team.",
        """
        SELECT e.region_id, e.id FROM startups_evidence e
        JOIN startups_participation p ON p.region_id = e.region_id AND p.id = e.participation_id
        JOIN startups_member m ON m.region_id = p.region_id AND m.startup_id = p.startup_id
        WHERE m.person_id = e.checked_by_id AND m.joined_at < e.checked_at
        """,
    ),
    Invariant(
        "startup_has_somebody",
        "Every startup has somebody who can be reached.",
        """
        SELECT s.region_id, s.number FROM startups_startup s WHERE NOT EXISTS (
            SELECT 1 FROM startups_member m WHERE m.region_id = s.region_id AND m.startup_id = s.id
              AND m.left_at IS NULL)
        """,
    ),
]
