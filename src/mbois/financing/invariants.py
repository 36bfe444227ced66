"""What must be true of applications and loans."""

from mbois.invariants import Invariant

INVARIANTS = [
    Invariant(
        "loan_schedule_adds_up",
        "The instalments of every loan add up to its principal, without gaps.",
        """
        SELECT l.region_id, l.number, l.principal, sum(i.amount) AS planned
        FROM financing_loan l LEFT JOIN financing_instalment i ON i.region_id = l.region_id AND i.loan_id = l.id
        GROUP BY l.region_id, l.id, l.number, l.principal
        HAVING sum(i.amount) IS DISTINCT FROM l.principal OR max(i.due_total) IS DISTINCT FROM l.principal
            OR count(*) <> max(i.number)
        """,
    ),
    Invariant(
        "instalment_totals_run",
        "Every instalment's running total is the sum of the amounts up to it, and pay-by is due or soon after, on no Sunday.",
        """
        SELECT * FROM (
            SELECT region_id, loan_id, number, due_total, pay_by, due_date,
                   sum(amount) OVER (PARTITION BY region_id, loan_id ORDER BY number) AS running
            FROM financing_instalment
        ) i WHERE running <> due_total OR pay_by NOT BETWEEN due_date AND due_date + 31
           OR extract(isodow FROM pay_by) = 7
        """,
    ),
    Invariant(
        "instalments_keep_to_the_plan",
        "Every instalment is due on the day of the month of the disbursement, and all but the last are equal.",
        """
        SELECT l.region_id, l.number, i.number AS instalment, i.due_date, i.amount, f.amount AS first
        FROM financing_loan l
        JOIN financing_instalment i ON i.region_id = l.region_id AND i.loan_id = l.id
        LEFT JOIN financing_instalment f ON f.region_id = l.region_id AND f.loan_id = l.id AND f.number = 1
        WHERE i.due_date <> (l.disbursed_on + make_interval(months => i.number::int))::date
           OR i.amount > f.amount OR (i.amount <> f.amount AND i.due_total < l.principal)
        """,
    ),
    Invariant(
        "fund_is_guarded",
        "The fund of every scheme is guarded: its balance is kept, and not below zero.",
        """
        SELECT s.region_id, s.code, a.code AS account FROM financing_scheme s
        JOIN ledger_account a ON a.region_id = s.region_id AND a.id = s.fund_id
        WHERE a.guarded_balance IS NULL
        """,
    ),
    Invariant(
        "loan_equals_its_account",
        "What is left of every loan is the balance of its account in the ledger.",
        """
        SELECT l.region_id, l.number, l.principal - l.paid_total AS outstanding, coalesce(b.balance, 0) AS ledger
        FROM financing_loan l
        LEFT JOIN (
            SELECT region_id, account_id, sum(change) AS balance FROM (
                SELECT region_id, debit_id AS account_id, amount AS change FROM ledger_transfer
                UNION ALL SELECT region_id, credit_id, -amount FROM ledger_transfer
            ) m GROUP BY region_id, account_id
        ) b ON b.region_id = l.region_id AND b.account_id = l.account_id
        WHERE l.principal - l.paid_total <> coalesce(b.balance, 0)
        """,
    ),
    Invariant(
        "paid_total_is_the_ledgers",
        "Every loan's paid total is its repayments less their reversals, between nothing and the principal.",
        """
        SELECT l.region_id, l.number, l.paid_total, coalesce(p.paid, 0) AS ledger FROM financing_loan l
        LEFT JOIN (
            SELECT region_id, account_id, sum(change) AS paid FROM (
                SELECT region_id, credit_id AS account_id, amount AS change FROM ledger_transfer WHERE kind = 'repayment'
                UNION ALL SELECT region_id, debit_id, -amount FROM ledger_transfer WHERE kind = 'reversal'
            ) m GROUP BY region_id, account_id
        ) p ON p.region_id = l.region_id AND p.account_id = l.account_id
        WHERE l.paid_total <> coalesce(p.paid, 0) OR l.paid_total < 0 OR l.paid_total > l.principal
        """,
    ),
    Invariant(
        "disbursed_in_full",
        "Every loan was disbursed in full on its day: settlements and the borrower's part are the principal.",
        """
        SELECT l.region_id, l.number, l.principal, sum(t.amount) AS disbursed
        FROM financing_loan l
        LEFT JOIN ledger_transfer t ON t.region_id = l.region_id AND t.debit_id = l.account_id AND t.kind = 'disbursement'
        GROUP BY l.region_id, l.id, l.number, l.principal, l.disbursed_on
        HAVING sum(t.amount) IS DISTINCT FROM l.principal
            OR bool_or(t.effective_date <> l.disbursed_on)
        """,
    ),
    Invariant(
        "settlement_is_its_transfer",
        "Every settlement is a transfer of its own loan and amount.",
        """
        SELECT s.region_id, s.id, s.amount, t.amount AS moved FROM financing_settlement s
        JOIN ledger_transfer t ON t.id = s.transfer_id JOIN financing_loan l ON l.id = s.loan_id
        JOIN financing_rentenirdebt d ON d.id = s.debt_id
        WHERE t.amount <> s.amount OR t.debit_id <> l.account_id OR d.application_id <> l.application_id
        """,
    ),
    Invariant(
        "no_payment_before_disbursement",
        "No repayment is dated before its loan was disbursed.",
        """
        SELECT t.region_id, t.reference, t.effective_date, l.disbursed_on FROM ledger_transfer t
        JOIN financing_loan l ON l.region_id = t.region_id AND l.account_id = t.credit_id
        WHERE t.kind = 'repayment' AND t.effective_date < l.disbursed_on
        """,
    ),
    Invariant(
        "loan_is_the_applicants",
        "Every loan is of the business and the borrower who applied for it, from that scheme.",
        """
        SELECT l.region_id, l.number, a.number AS application FROM financing_loan l
        JOIN financing_application a ON a.region_id = l.region_id AND a.id = l.application_id
        WHERE (l.borrower_id, l.enterprise_id, l.scheme_id)
              IS DISTINCT FROM (a.borrower_id, a.enterprise_id, a.scheme_id)
        """,
    ),
    Invariant(
        "four_eyes",
        "Every decision was taken by somebody who neither entered, visited nor assessed the application.",
        """
        SELECT d.region_id, a.number FROM financing_decision d
        JOIN financing_application a ON a.id = d.application_id JOIN enterprises_owner o ON o.id = a.borrower_id
        WHERE d.decided_by_id IN (a.entered_by_id, o.person_id)
           OR EXISTS (SELECT 1 FROM financing_visit v WHERE v.application_id = a.id AND v.visited_by_id = d.decided_by_id)
           OR EXISTS (SELECT 1 FROM financing_assessment s
                       WHERE s.application_id = a.id AND s.assessed_by_id = d.decided_by_id)
        """,
    ),
    Invariant(
        "decision_within_what_was_asked",
        "No decision grants more money or months than were asked for, and every loan is as decided.",
        """
        SELECT d.region_id, a.number, d.amount, d.months, l.principal FROM financing_decision d
        JOIN financing_application a ON a.id = d.application_id
        LEFT JOIN financing_loan l ON l.application_id = a.id
        WHERE d.amount > a.amount_asked OR d.months > a.months_asked
           OR (l.id IS NOT NULL AND (l.principal <> d.amount OR l.months <> d.months))
        """,
    ),
    Invariant(
        "disbursed_has_its_steps",
        "Every disbursed application was visited, assessed, granted and signed, and has its loan.",
        """
        SELECT a.region_id, a.number FROM financing_application a
        WHERE a.state = 'disbursed' AND NOT (
            EXISTS (SELECT 1 FROM financing_visit v WHERE v.application_id = a.id)
            AND EXISTS (SELECT 1 FROM financing_assessment s WHERE s.application_id = a.id)
            AND EXISTS (SELECT 1 FROM financing_decision d WHERE d.application_id = a.id AND d.granted)
            AND EXISTS (SELECT 1 FROM financing_contract c WHERE c.application_id = a.id AND c.signed_at IS NOT NULL)
            AND EXISTS (SELECT 1 FROM financing_loan l WHERE l.application_id = a.id))
        """,
    ),
    Invariant(
        "stopped_without_consent",
        "No application waits for its next step whose borrower took the consent back.",
        """
        SELECT a.region_id, a.number FROM financing_application a
        JOIN enterprises_owner o ON o.region_id = a.region_id AND o.id = a.borrower_id
        WHERE a.state IN ('submitted', 'returned', 'visited', 'assessed', 'approved', 'signed')
          AND NOT EXISTS (
            SELECT 1 FROM people_consent c JOIN people_consenttext t ON t.id = c.text_id
            WHERE c.region_id = a.region_id AND c.person_id = o.person_id AND t.key = 'ojir'
              AND c.withdrawn_at IS NULL)
        """,
    ),
    Invariant(
        "sent_with_consent",
        "Every application that was sent has its borrower's consent on record, given or since withdrawn.",
        """
        SELECT a.region_id, a.number FROM financing_application a
        JOIN enterprises_owner o ON o.region_id = a.region_id AND o.id = a.borrower_id
        WHERE a.submitted_at IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM people_consent c JOIN people_consenttext t ON t.id = c.text_id
            WHERE c.region_id = a.region_id AND c.person_id = o.person_id AND t.key = 'ojir')
        """,
    ),
]
