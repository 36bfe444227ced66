"""What must be true of mentoring."""

from mbois.invariants import Invariant

INVARIANTS = [
    Invariant(
        "mentor_within_the_load",
        "No mentor has more businesses at the same time than they can take.",
        """
        SELECT m.region_id, m.id, m.most_cases, count(*) AS busy FROM mentoring_mentorprofile m
        JOIN mentoring_mentorship s ON s.region_id = m.region_id AND s.mentor_id = m.id AND s.state = 'active'
        GROUP BY m.region_id, m.id, m.most_cases HAVING count(*) > m.most_cases
        """,
    ),
    Invariant(
        "session_says_what_its_report_says",
        "Every session is attended or missed as its first report says, and not without one.",
        """
        SELECT s.region_id, s.uuid, s.attended, r.attended AS reported FROM mentoring_session s
        LEFT JOIN mentoring_sessionreport r
               ON r.region_id = s.region_id AND r.session_id = s.id AND r.same_as_id IS NULL
        WHERE s.attended IS DISTINCT FROM r.attended
        """,
    ),
    Invariant(
        "mentorship_begins_with_its_own_diagnosis",
        "Every mentorship begins with a diagnosis that was sent.",
        """
        SELECT m.region_id, m.number FROM mentoring_mentorship m
        JOIN mentoring_diagnosis d ON d.region_id = m.region_id AND d.id = m.diagnosis_id
        WHERE d.sent_at IS NULL
        """,
    ),
    Invariant(
        "nobody_mentors_their_own_business",
        "No mentor of a mentorship owns its enterprise.",
        """
        SELECT m.region_id, m.number FROM mentoring_mentorship m
        JOIN mentoring_mentorprofile p ON p.region_id = m.region_id AND p.id = m.mentor_id
        JOIN enterprises_enterprise e ON e.region_id = m.region_id AND e.id = m.enterprise_id
        JOIN enterprises_owner o ON o.region_id = e.region_id AND o.id = e.owner_id
        WHERE o.person_id = p.person_id AND m.state IN ('proposed', 'active')
        """,
    ),
    Invariant(
        "evidence_not_checked_by_the_owner",
        "No evidence was checked by the owner of the enterprise it is about.",
        """
        SELECT v.region_id, v.id FROM mentoring_evidence v
        JOIN mentoring_planstep t ON t.region_id = v.region_id AND t.id = v.step_id
        JOIN mentoring_mentorship m ON m.region_id = t.region_id AND m.id = t.mentorship_id
        JOIN enterprises_enterprise e ON e.region_id = m.region_id AND e.id = m.enterprise_id
        JOIN enterprises_owner o ON o.region_id = e.region_id AND o.id = e.owner_id
        WHERE v.checked_by_id = o.person_id
        """,
    ),
    Invariant(
        "certificate_follows_a_passed_quiz",
        "Every certificate has a passed quiz of its person.",
        """
        SELECT c.region_id, c.code FROM mentoring_certificate c
        WHERE NOT EXISTS (SELECT 1 FROM mentoring_attempt a WHERE a.region_id = c.region_id
              AND a.course_id = c.course_id AND a.person_id = c.person_id AND a.passed)
        """,
    ),
]
