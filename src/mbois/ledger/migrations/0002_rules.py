"""What the database checks whenever transfers are posted, however they come in."""

from django.db import migrations

POSTED = """
CREATE FUNCTION ledger_transfers_posted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    -- whoever closes a period takes this lock exclusively, so no transfer slips in behind them
    PERFORM pg_advisory_xact_lock_shared(hashtext('ledger_closing:' || region_id))
       FROM (SELECT DISTINCT region_id FROM posted ORDER BY region_id) AS regions;

    SELECT t.reference, t.effective_date INTO wrong
      FROM posted t JOIN ledger_closing c ON c.region_id = t.region_id AND c.through >= t.effective_date
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'transfer_in_open_period: % is dated % in a closed period', wrong.reference, wrong.effective_date
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_in_open_period';
    END IF;

    SELECT t.reference INTO wrong
      FROM posted t
      JOIN ledger_account d ON d.region_id = t.region_id AND d.id = t.debit_id
      JOIN ledger_account c ON c.region_id = t.region_id AND c.id = t.credit_id
     WHERE t.currency <> d.currency OR t.currency <> c.currency
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'transfer_in_one_currency: % goes between currencies', wrong.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_in_one_currency';
    END IF;

    SELECT t.reference INTO wrong
      FROM posted t JOIN ledger_transfer o ON o.region_id = t.region_id AND o.id = t.reverses_id
     WHERE o.debit_id <> t.credit_id OR o.credit_id <> t.debit_id OR o.amount <> t.amount
        OR o.made_by_id = t.made_by_id OR o.kind = 'reversal'
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'transfer_reversal_is_the_other_way_round: % does not undo what it names', wrong.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_reversal_is_the_other_way_round';
    END IF;

    UPDATE ledger_account a
       SET guarded_balance = a.guarded_balance + s.change * CASE a.normal_side WHEN 'debit' THEN 1 ELSE -1 END
      FROM (
          SELECT region_id, account_id, sum(change)::bigint AS change
            FROM (
                SELECT region_id, debit_id AS account_id, amount AS change FROM posted
                UNION ALL
                SELECT region_id, credit_id, -amount FROM posted
            ) AS moves
           GROUP BY region_id, account_id
      ) AS s
     WHERE a.region_id = s.region_id AND a.id = s.account_id AND a.guarded_balance IS NOT NULL;
    RETURN NULL;
END
$$;
CREATE TRIGGER transfers_posted AFTER INSERT ON ledger_transfer
    REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION ledger_transfers_posted();

CREATE FUNCTION ledger_closing_waits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('ledger_closing:' || NEW.region_id));
    RETURN NEW;
END
$$;
CREATE TRIGGER closing_waits BEFORE INSERT ON ledger_closing
    FOR EACH ROW EXECUTE FUNCTION ledger_closing_waits();
"""

UNDO = """
DROP TRIGGER closing_waits ON ledger_closing;
DROP FUNCTION ledger_closing_waits();
DROP TRIGGER transfers_posted ON ledger_transfer;
DROP FUNCTION ledger_transfers_posted();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL(POSTED, UNDO)]
