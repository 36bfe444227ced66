"""What the database checks whenever transfers are posted, however they come in."""

from django.db import migrations

POSTED = """
CREATE FUNCTION ledger_transfers_posted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong text;
    guarded boolean;
BEGIN
    -- whoever closes a period takes this lock exclusively, so no transfer slips in behind them
    PERFORM pg_advisory_xact_lock_shared(hashtext('ledger_closing:' || region_id))
       FROM (SELECT DISTINCT region_id FROM posted ORDER BY region_id) AS regions;

    -- one look at each row for every rule: most statements post one row, and a second look costs as much
    SELECT max(rule || ': ' || reference), bool_or(is_guarded) INTO wrong, guarded
      FROM (
        SELECT t.reference,
               d.guarded_balance IS NOT NULL OR c.guarded_balance IS NOT NULL AS is_guarded,
               CASE
                   WHEN EXISTS (SELECT 1 FROM ledger_closing l
                                 WHERE l.region_id = t.region_id AND l.through >= t.effective_date)
                       THEN 'transfer_in_open_period'
                   WHEN t.effective_date > (t.posted_at AT TIME ZONE 'Asia/Jakarta')::date
                       THEN 'transfer_not_in_the_future'
                   WHEN t.currency <> d.currency OR t.currency <> c.currency
                       THEN 'transfer_in_one_currency'
                   -- few reverse anything, and only those look for what they reverse
                   WHEN t.reverses_id IS NOT NULL AND EXISTS (
                           SELECT 1 FROM ledger_transfer o
                            WHERE o.region_id = t.region_id AND o.id = t.reverses_id
                              AND (o.debit_id <> t.credit_id OR o.credit_id <> t.debit_id OR o.amount <> t.amount
                                   OR o.made_by_id = t.made_by_id OR o.kind = 'reversal'
                                   OR o.effective_date > t.effective_date))
                       THEN 'transfer_reversal_is_the_other_way_round'
               END AS rule
          FROM posted t
          LEFT JOIN ledger_account d ON d.region_id = t.region_id AND d.id = t.debit_id
          LEFT JOIN ledger_account c ON c.region_id = t.region_id AND c.id = t.credit_id
      ) AS looked_at;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION '%', wrong
            USING ERRCODE = 'check_violation', CONSTRAINT = split_part(wrong, ':', 1);
    END IF;

    IF guarded THEN
        UPDATE ledger_account a
           SET guarded_balance = a.guarded_balance
             + s.change * CASE a.normal_side WHEN 'debit' THEN 1 ELSE -1 END
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
    END IF;
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

STAYS = """
CREATE TRIGGER guard_is_the_transfers BEFORE UPDATE OF guarded_balance ON ledger_account
    FOR EACH ROW WHEN (OLD.guarded_balance IS DISTINCT FROM NEW.guarded_balance)
    EXECUTE FUNCTION places_only_triggers_write('account_guard_is_the_transfers', 'write a transfer instead');

-- TRUNCATE passes the triggers on rows by
CREATE FUNCTION ledger_is_never_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ledger_is_never_emptied: %', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_is_never_emptied';
END
$$;
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON ledger_account
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_never_emptied();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON ledger_transfer
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_never_emptied();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON ledger_closing
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_never_emptied();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON ledger_command
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_never_emptied();
"""

COMMANDS = """
-- Hold a caller's key until the transaction ends; what was answered under it, or nulls.
-- The look comes after the wait, so it sees what whoever held the key before has written.
CREATE FUNCTION ledger_hold_command(of_region text, of_caller bigint, of_key text, OUT fingerprint text, OUT answer jsonb)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(of_region || ':' || of_caller || ':' || of_key, 0));
    SELECT c.fingerprint, c.answer INTO fingerprint, answer
      FROM ledger_command c WHERE c.region_id = of_region AND c.caller_id = of_caller AND c.key = of_key;
END
$$;
"""

UNDO = """
DROP FUNCTION ledger_hold_command(text, bigint, text);
DROP TRIGGER never_emptied ON ledger_command;
DROP TRIGGER never_emptied ON ledger_closing;
DROP TRIGGER never_emptied ON ledger_transfer;
DROP TRIGGER never_emptied ON ledger_account;
DROP FUNCTION ledger_is_never_emptied();
DROP TRIGGER guard_is_the_transfers ON ledger_account;
DROP TRIGGER closing_waits ON ledger_closing;
DROP FUNCTION ledger_closing_waits();
DROP TRIGGER transfers_posted ON ledger_transfer;
DROP FUNCTION ledger_transfers_posted();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("places", "0002_rules")]
    operations = [migrations.RunSQL(POSTED + STAYS + COMMANDS, UNDO)]
