-- Up to which day the books are closed: nothing may be booked on it or before it any more.
CREATE TABLE IF NOT EXISTS closed_books (
  closed_through  DATE NOT NULL PRIMARY KEY,
  closed_at       DATETIME(6) NOT NULL,
  closed_by       VARCHAR(64) NOT NULL
);

-- Up to which day deferred revenue is recognised; one row. What is booked later counts as earned later.
CREATE TABLE IF NOT EXISTS recognition (
  id       TINYINT NOT NULL PRIMARY KEY CHECK (id = 1),
  through  DATE NOT NULL
);

INSERT INTO recognition (id, through)
SELECT 1, COALESCE(DATE_SUB(MIN(billed_on), INTERVAL 1 DAY), '1990-01-01') FROM invoices ON DUPLICATE KEY UPDATE recognition.id = 1;

ALTER TABLE ledger_entries
  ADD INDEX IF NOT EXISTS entries_of_debit (debit, transaction_id),
  ADD INDEX IF NOT EXISTS entries_of_credit (credit, transaction_id);

CREATE OR REPLACE TRIGGER ledger_closed BEFORE INSERT ON ledger_transactions FOR EACH ROW
IF EXISTS (SELECT 1 FROM closed_books WHERE closed_through >= NEW.booked_on) THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the books of this day are closed'; END IF;

-- What is issued or booked stays. Corrections are documents and transactions of their own.
CREATE OR REPLACE TRIGGER invoices_stay BEFORE UPDATE ON invoices FOR EACH ROW
IF OLD.status = 'issued' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'an issued document never changes'; END IF;

CREATE OR REPLACE TRIGGER invoices_last BEFORE DELETE ON invoices FOR EACH ROW
IF OLD.status = 'issued' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'an issued document never goes'; END IF;

CREATE OR REPLACE TRIGGER invoice_lines_stay BEFORE UPDATE ON invoice_lines FOR EACH ROW
SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the lines of a document never change';

CREATE OR REPLACE TRIGGER invoice_lines_last BEFORE DELETE ON invoice_lines FOR EACH ROW
SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the lines of a document never go';

CREATE OR REPLACE TRIGGER ledger_transactions_stay BEFORE UPDATE ON ledger_transactions FOR EACH ROW
SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a booked transaction never changes';

CREATE OR REPLACE TRIGGER ledger_transactions_last BEFORE DELETE ON ledger_transactions FOR EACH ROW
SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a booked transaction never goes';

CREATE OR REPLACE TRIGGER ledger_entries_stay BEFORE UPDATE ON ledger_entries FOR EACH ROW
SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a booked entry never changes';

CREATE OR REPLACE TRIGGER ledger_entries_last BEFORE DELETE ON ledger_entries FOR EACH ROW
SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a booked entry never goes';
