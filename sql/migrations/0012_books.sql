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

-- Sums by day, kept in the transaction that books: reports read these few rows instead of every entry, and `uncloud
-- verify` holds them against the entries.
CREATE TABLE IF NOT EXISTS ledger_totals (
  booked_on     DATE NOT NULL,
  account       VARCHAR(100) NOT NULL,
  currency      CHAR(3) NOT NULL,
  debit_minor   BIGINT NOT NULL DEFAULT 0,
  credit_minor  BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (booked_on, account, currency)
);

INSERT INTO ledger_totals (booked_on, account, currency, debit_minor, credit_minor)
SELECT t.booked_on, p.account, p.currency, SUM(GREATEST(p.amount_minor, 0)), SUM(GREATEST(-p.amount_minor, 0))
FROM ledger_postings p JOIN ledger_transactions t ON t.id = p.transaction_id GROUP BY t.booked_on, p.account, p.currency
ON DUPLICATE KEY UPDATE ledger_totals.debit_minor = ledger_totals.debit_minor;

-- Turnover and tax of issued documents by rate, for the tax return; kept like ledger_totals.
CREATE TABLE IF NOT EXISTS tax_totals (
  booked_on  DATE NOT NULL,
  currency   CHAR(3) NOT NULL,
  vat_rate   SMALLINT NOT NULL,
  net_minor  BIGINT NOT NULL DEFAULT 0,
  vat_minor  BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (booked_on, currency, vat_rate)
);

INSERT INTO tax_totals (booked_on, currency, vat_rate, net_minor, vat_minor)
SELECT l.earned_from, i.currency, l.vat_rate, SUM(l.net_minor), SUM(l.vat_minor)
FROM invoice_lines l JOIN invoices i ON i.id = l.invoice_id WHERE i.status = 'issued' GROUP BY l.earned_from, i.currency, l.vat_rate
ON DUPLICATE KEY UPDATE tax_totals.net_minor = tax_totals.net_minor;

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
