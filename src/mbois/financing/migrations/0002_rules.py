"""What the database checks about decisions, loans and what was paid, however it comes in."""

from django.db import migrations

FOUR_EYES = """
CREATE FUNCTION financing_decision_four_eyes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    a record;
BEGIN
    SELECT app.amount_asked, app.months_asked, app.state, app.entered_by_id, o.person_id,
           s.minimum, s.unit
      INTO a
      FROM financing_application app
      JOIN enterprises_owner o ON o.region_id = app.region_id AND o.id = app.borrower_id
      JOIN financing_scheme s ON s.region_id = app.region_id AND s.id = app.scheme_id
     WHERE app.region_id = NEW.region_id AND app.id = NEW.application_id
       FOR UPDATE OF app;
    IF NEW.decided_by_id IN (a.entered_by_id, a.person_id)
       OR EXISTS (SELECT 1 FROM financing_visit v WHERE v.region_id = NEW.region_id
                   AND v.application_id = NEW.application_id AND v.visited_by_id = NEW.decided_by_id)
       OR EXISTS (SELECT 1 FROM financing_assessment s WHERE s.region_id = NEW.region_id
                   AND s.application_id = NEW.application_id AND s.assessed_by_id = NEW.decided_by_id) THEN
        RAISE EXCEPTION 'decision_four_eyes: % took part in application %', NEW.decided_by_id, NEW.application_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'decision_four_eyes';
    END IF;
    IF NEW.granted AND (NEW.amount > a.amount_asked OR NEW.months > a.months_asked
                        OR NEW.amount < LEAST(a.minimum, a.amount_asked) OR NEW.amount %% a.unit <> 0) THEN
        RAISE EXCEPTION 'decision_within_what_was_asked: % over % months', NEW.amount, NEW.months
            USING ERRCODE = 'check_violation', CONSTRAINT = 'decision_within_what_was_asked';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER decision_four_eyes BEFORE INSERT ON financing_decision
    FOR EACH ROW EXECUTE FUNCTION financing_decision_four_eyes();

CREATE FUNCTION financing_nothing_after_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM financing_application a
      WHERE a.region_id = NEW.region_id AND a.id = NEW.application_id FOR UPDATE;
    IF EXISTS (SELECT 1 FROM financing_decision d
                WHERE d.region_id = NEW.region_id AND d.application_id = NEW.application_id) THEN
        RAISE EXCEPTION 'decision_comes_last: application % is decided', NEW.application_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'decision_comes_last';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER visit_before_decision BEFORE INSERT ON financing_visit
    FOR EACH ROW EXECUTE FUNCTION financing_nothing_after_decision();
CREATE TRIGGER assessment_before_decision BEFORE INSERT ON financing_assessment
    FOR EACH ROW EXECUTE FUNCTION financing_nothing_after_decision();
""".replace("%%", "%")

UNIT = """
CREATE FUNCTION financing_unit_is_promised() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM financing_application a
                WHERE a.region_id = NEW.region_id AND a.scheme_id = NEW.id
                  AND a.state IN ('submitted', 'returned', 'visited', 'assessed', 'approved', 'signed')) THEN
        RAISE EXCEPTION 'scheme_unit_is_promised: applications under way count in whole %', OLD.unit
            USING ERRCODE = 'check_violation', CONSTRAINT = 'scheme_unit_is_promised';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER unit_is_promised BEFORE UPDATE OF unit ON financing_scheme
    FOR EACH ROW WHEN (OLD.unit IS DISTINCT FROM NEW.unit)
    EXECUTE FUNCTION financing_unit_is_promised();
"""

CONSENT = """
-- Looked at on commit, one borrower after the other: who sends and who takes back at the same time
-- see each other.
CREATE FUNCTION financing_waits_with_consent(of_region text, of_person bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    waiting text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('financing_consent'), hashtext(of_region || ':' || of_person));
    SELECT a.number INTO waiting
      FROM financing_application a
      JOIN enterprises_owner o ON o.region_id = a.region_id AND o.id = a.borrower_id
     WHERE a.region_id = of_region AND o.person_id = of_person
       AND a.state IN ('submitted', 'returned', 'visited', 'assessed', 'approved', 'signed')
       AND NOT EXISTS (SELECT 1 FROM people_consent c JOIN people_consenttext t ON t.id = c.text_id
                        WHERE c.region_id = of_region AND c.person_id = of_person AND t.key = 'ojir'
                          AND c.withdrawn_at IS NULL)
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'application_waits_with_consent: % has no consent', waiting
            USING ERRCODE = 'check_violation', CONSTRAINT = 'application_waits_with_consent';
    END IF;
END
$$;
CREATE FUNCTION financing_application_has_consent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM financing_waits_with_consent(o.region_id, o.person_id)
       FROM enterprises_owner o WHERE o.region_id = NEW.region_id AND o.id = NEW.borrower_id;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER application_has_consent AFTER INSERT OR UPDATE OF state, borrower_id
    ON financing_application DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.state IN ('submitted', 'returned', 'visited', 'assessed', 'approved', 'signed'))
    EXECUTE FUNCTION financing_application_has_consent();
CREATE FUNCTION financing_consent_is_needed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM financing_waits_with_consent(OLD.region_id, OLD.person_id);
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER consent_is_needed AFTER DELETE OR UPDATE OF withdrawn_at, person_id, region_id, text_id
    ON people_consent DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION financing_consent_is_needed();
"""

BORROWER = """
-- A merge moves both; on commit they are the same again.
CREATE FUNCTION financing_loan_is_the_applicants() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong text;
BEGIN
    SELECT l.number INTO wrong
      FROM financing_loan l
      JOIN financing_application a ON a.region_id = l.region_id AND a.id = l.application_id
     WHERE l.region_id = NEW.region_id
       AND CASE TG_TABLE_NAME WHEN 'financing_loan' THEN l.id = NEW.id ELSE a.id = NEW.id END
       AND (l.borrower_id, l.enterprise_id, l.scheme_id) IS DISTINCT FROM (a.borrower_id, a.enterprise_id, a.scheme_id);
    IF FOUND THEN
        RAISE EXCEPTION 'loan_is_the_applicants: loan % is of somebody who did not apply for it', wrong
            USING ERRCODE = 'check_violation', CONSTRAINT = 'loan_is_the_applicants';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER loan_is_the_applicants
    AFTER INSERT OR UPDATE OF borrower_id, enterprise_id, scheme_id, application_id ON financing_loan
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION financing_loan_is_the_applicants();
CREATE CONSTRAINT TRIGGER loan_is_the_applicants
    AFTER UPDATE OF borrower_id, enterprise_id, scheme_id ON financing_application
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION financing_loan_is_the_applicants();
"""

PAID_TOTAL = """
CREATE FUNCTION financing_loan_payments_posted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    SELECT t.reference INTO wrong
      FROM posted t
      JOIN financing_loan l ON l.region_id = t.region_id AND l.account_id IN (t.debit_id, t.credit_id)
     WHERE NOT (   (t.kind = 'disbursement' AND l.account_id = t.debit_id
                    AND t.effective_date = l.disbursed_on AND l.principal >= (
                        SELECT sum(d.amount) FROM ledger_transfer d
                         WHERE d.region_id = l.region_id AND d.debit_id = l.account_id
                           AND d.kind = 'disbursement'))
                OR (t.kind = 'repayment' AND l.account_id = t.credit_id
                    AND t.effective_date >= l.disbursed_on)
                OR (t.kind = 'reversal' AND l.account_id = t.debit_id))
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'loan_account_takes_its_own: % does not belong on the account of a loan', wrong.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'loan_account_takes_its_own';
    END IF;

    UPDATE financing_loan l SET paid_total = l.paid_total + s.change
      FROM (
          SELECT region_id, account_id, sum(change)::bigint AS change
            FROM (
                SELECT region_id, credit_id AS account_id, amount AS change FROM posted WHERE kind = 'repayment'
                UNION ALL
                SELECT region_id, debit_id, -amount FROM posted WHERE kind = 'reversal'
            ) AS moves
           GROUP BY region_id, account_id
      ) AS s
     WHERE l.region_id = s.region_id AND l.account_id = s.account_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER transfers_posted_to_loans AFTER INSERT ON ledger_transfer
    REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION financing_loan_payments_posted();

CREATE TRIGGER paid_total_is_the_ledgers BEFORE UPDATE OF paid_total ON financing_loan
    FOR EACH ROW WHEN (OLD.paid_total IS DISTINCT FROM NEW.paid_total)
    EXECUTE FUNCTION places_only_triggers_write('loan_paid_total_is_the_ledgers', 'write a transfer instead');
"""

HOLD = """
-- A function for its plan, which a session keeps: each repayment begins with this.
CREATE FUNCTION financing_hold_loan(of_region text, of_loan bigint)
RETURNS TABLE (paid_total bigint, number smallint, due_date date, pay_by date, amount bigint, due_total bigint)
LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY
      WITH held AS MATERIALIZED (
          SELECT l.paid_total FROM financing_loan l
           WHERE l.region_id = of_region AND l.id = of_loan FOR UPDATE
      )
      SELECT held.paid_total, i.number, i.due_date, i.pay_by, i.amount, i.due_total
        FROM held, financing_instalment i
       WHERE i.region_id = of_region AND i.loan_id = of_loan
       ORDER BY i.number;
END
$$;
"""

WHOLE_LOAN = """
CREATE FUNCTION financing_loan_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    planned bigint;
    last_total bigint;
    owed bigint;
BEGIN
    SELECT sum(amount), max(due_total) INTO planned, last_total
      FROM financing_instalment WHERE region_id = NEW.region_id AND loan_id = NEW.id;
    SELECT sum(CASE WHEN debit_id = NEW.account_id THEN amount ELSE -amount END) INTO owed
      FROM ledger_transfer
     WHERE region_id = NEW.region_id AND (debit_id = NEW.account_id OR credit_id = NEW.account_id);
    IF planned IS DISTINCT FROM NEW.principal OR last_total IS DISTINCT FROM NEW.principal THEN
        RAISE EXCEPTION 'loan_schedule_adds_up: loan % of % has instalments of %', NEW.number, NEW.principal, planned
            USING ERRCODE = 'check_violation', CONSTRAINT = 'loan_schedule_adds_up';
    END IF;
    IF owed IS DISTINCT FROM NEW.principal - (
        SELECT paid_total FROM financing_loan WHERE region_id = NEW.region_id AND id = NEW.id) THEN
        RAISE EXCEPTION 'loan_equals_its_account: loan % of % stands at % in the ledger', NEW.number, NEW.principal, owed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'loan_equals_its_account';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER loan_is_whole AFTER INSERT ON financing_loan
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION financing_loan_is_whole();

-- What is added to a plan later: the loan itself was looked at when it was made.
CREATE FUNCTION financing_plan_is_not_exceeded() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    SELECT l.number, l.principal INTO wrong
      FROM (SELECT DISTINCT region_id, loan_id FROM planned) AS p
      JOIN financing_loan l ON l.region_id = p.region_id AND l.id = p.loan_id
     WHERE l.principal < (SELECT sum(i.amount) FROM financing_instalment i
                           WHERE i.region_id = p.region_id AND i.loan_id = p.loan_id)
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'loan_schedule_adds_up: loan % of % has instalments of more', wrong.number, wrong.principal
            USING ERRCODE = 'check_violation', CONSTRAINT = 'loan_schedule_adds_up';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER plan_is_not_exceeded AFTER INSERT ON financing_instalment
    REFERENCING NEW TABLE AS planned FOR EACH STATEMENT EXECUTE FUNCTION financing_plan_is_not_exceeded();

CREATE FUNCTION financing_pay_by_moves_ahead() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF least(OLD.pay_by, NEW.pay_by) < (now() AT TIME ZONE 'Asia/Jakarta')::date THEN
        RAISE EXCEPTION 'instalment_past_stays: instalment % of loan %', OLD.number, OLD.loan_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'instalment_past_stays';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER pay_by_moves_ahead BEFORE UPDATE OF pay_by ON financing_instalment
    FOR EACH ROW WHEN (OLD.pay_by IS DISTINCT FROM NEW.pay_by)
    EXECUTE FUNCTION financing_pay_by_moves_ahead();
"""

DISBURSED = """
CREATE FUNCTION financing_settlement_is_its_transfer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM ledger_transfer t
          JOIN financing_loan l ON l.region_id = NEW.region_id AND l.id = NEW.loan_id
          JOIN financing_rentenirdebt d ON d.region_id = NEW.region_id AND d.id = NEW.debt_id
         WHERE t.region_id = NEW.region_id AND t.id = NEW.transfer_id AND t.kind = 'disbursement'
           AND t.debit_id = l.account_id AND t.amount = NEW.amount AND d.application_id = l.application_id) THEN
        RAISE EXCEPTION 'settlement_is_its_transfer: % of loan %', NEW.amount, NEW.loan_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_is_its_transfer';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER settlement_is_its_transfer BEFORE INSERT ON financing_settlement
    FOR EACH ROW EXECUTE FUNCTION financing_settlement_is_its_transfer();

-- On commit: the loan may be written after the application or before it.
CREATE FUNCTION financing_disbursed_has_its_loan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM financing_loan l
                    WHERE l.region_id = NEW.region_id AND l.application_id = NEW.id) THEN
        RAISE EXCEPTION 'disbursed_has_its_loan: application % has none', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'disbursed_has_its_loan';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER disbursed_has_its_loan AFTER INSERT OR UPDATE OF state ON financing_application
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'disbursed')
    EXECUTE FUNCTION financing_disbursed_has_its_loan();
"""

UNDO = """
DROP TRIGGER disbursed_has_its_loan ON financing_application;
DROP FUNCTION financing_disbursed_has_its_loan();
DROP TRIGGER settlement_is_its_transfer ON financing_settlement;
DROP FUNCTION financing_settlement_is_its_transfer();
DROP FUNCTION financing_hold_loan(text, bigint);
DROP TRIGGER pay_by_moves_ahead ON financing_instalment;
DROP FUNCTION financing_pay_by_moves_ahead();
DROP TRIGGER plan_is_not_exceeded ON financing_instalment;
DROP FUNCTION financing_plan_is_not_exceeded();
DROP TRIGGER loan_is_whole ON financing_loan;
DROP FUNCTION financing_loan_is_whole();
DROP TRIGGER paid_total_is_the_ledgers ON financing_loan;
DROP TRIGGER transfers_posted_to_loans ON ledger_transfer;
DROP FUNCTION financing_loan_payments_posted();
DROP TRIGGER loan_is_the_applicants ON financing_application;
DROP TRIGGER loan_is_the_applicants ON financing_loan;
DROP FUNCTION financing_loan_is_the_applicants();
DROP TRIGGER consent_is_needed ON people_consent;
DROP TRIGGER application_has_consent ON financing_application;
DROP FUNCTION financing_consent_is_needed();
DROP FUNCTION financing_application_has_consent();
DROP FUNCTION financing_waits_with_consent(text, bigint);
DROP TRIGGER unit_is_promised ON financing_scheme;
DROP FUNCTION financing_unit_is_promised();
DROP TRIGGER assessment_before_decision ON financing_assessment;
DROP TRIGGER visit_before_decision ON financing_visit;
DROP FUNCTION financing_nothing_after_decision();
DROP TRIGGER decision_four_eyes ON financing_decision;
DROP FUNCTION financing_decision_four_eyes();
"""


class Migration(migrations.Migration):
    dependencies = [("financing", "0001_initial"), ("ledger", "0002_rules"), ("places", "0002_rules")]
    operations = [
        migrations.RunSQL(
            FOUR_EYES + UNIT + CONSENT + BORROWER + PAID_TOTAL + HOLD + WHOLE_LOAN + DISBURSED, UNDO
        )
    ]
