"""What must be true of the books."""

from mbois.invariants import Invariant

INVARIANTS = [
    Invariant(
        "transfer_balanced",
        "Every transfer has a positive amount between two accounts of one region and currency.",
        """
        SELECT t.region_id, t.reference, t.amount FROM ledger_transfer t
        JOIN ledger_account d ON d.id = t.debit_id JOIN ledger_account c ON c.id = t.credit_id
        WHERE t.amount <= 0 OR d.id = c.id OR d.region_id <> t.region_id OR c.region_id <> t.region_id
           OR d.currency <> t.currency OR c.currency <> t.currency
        """,
    ),
    Invariant(
        "guarded_balance",
        "A guarded account's balance equals its transfers and is not below zero.",
        """
        SELECT a.region_id, a.code, a.guarded_balance, coalesce(s.balance, 0) AS transfers
        FROM ledger_account a
        LEFT JOIN LATERAL (
            SELECT sum(CASE WHEN t.debit_id = a.id THEN t.amount ELSE -t.amount END)
                   * CASE a.normal_side WHEN 'debit' THEN 1 ELSE -1 END AS balance
            FROM ledger_transfer t
            WHERE t.region_id = a.region_id AND (t.debit_id = a.id OR t.credit_id = a.id)
        ) s ON true
        WHERE a.guarded_balance IS NOT NULL
          AND (a.guarded_balance <> coalesce(s.balance, 0) OR a.guarded_balance < 0)
        """,
    ),
    Invariant(
        "reversal_mirrors",
        "A reversal undoes one transfer exactly, once, not before it, by another person.",
        """
        SELECT r.region_id, r.reference, o.reference AS original
        FROM ledger_transfer r JOIN ledger_transfer o ON o.id = r.reverses_id
        WHERE r.amount <> o.amount OR r.debit_id <> o.credit_id OR r.credit_id <> o.debit_id
           OR r.made_by_id = o.made_by_id OR o.kind = 'reversal' OR r.effective_date < o.effective_date
        """,
    ),
    Invariant(
        "nothing_in_closed_period",
        "Nothing was posted into a period after it was closed.",
        """
        SELECT t.region_id, t.reference, t.effective_date, c.through
        FROM ledger_transfer t JOIN ledger_closing c ON c.region_id = t.region_id
        WHERE t.effective_date <= c.through AND t.posted_at > c.closed_at
        """,
    ),
    Invariant(
        "nothing_in_the_future",
        "Nothing takes effect later than the day it was posted.",
        """
        SELECT region_id, reference, effective_date, posted_at FROM ledger_transfer
        WHERE effective_date > (posted_at AT TIME ZONE 'Asia/Jakarta')::date
        """,
    ),
    Invariant(
        "trial_balance",
        "Debits equal credits in every region's trial balance.",
        """
        SELECT region_id, sum(change) AS difference FROM (
            SELECT d.region_id, t.amount AS change FROM ledger_transfer t JOIN ledger_account d ON d.id = t.debit_id
            UNION ALL
            SELECT c.region_id, -t.amount FROM ledger_transfer t JOIN ledger_account c ON c.id = t.credit_id
        ) moves GROUP BY region_id HAVING sum(change) <> 0
        """,
    ),
]
