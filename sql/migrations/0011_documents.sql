-- Everything a document shows is copied onto it when it is issued. Issued documents form a chain: the hash of each is
-- computed over its content, its number and the hash before it (see CONTRIBUTING.md, "The chain").
ALTER TABLE invoices
  ADD COLUMN IF NOT EXISTS issued_on DATE NULL COMMENT 'the day of the run, in the billing zone',
  ADD COLUMN IF NOT EXISTS series VARCHAR(16) NULL,
  ADD COLUMN IF NOT EXISTS series_year SMALLINT NULL,
  ADD COLUMN IF NOT EXISTS series_number BIGINT NULL,
  ADD COLUMN IF NOT EXISTS chain_position BIGINT NULL,
  ADD COLUMN IF NOT EXISTS content_hash CHAR(64) CHARACTER SET ascii NULL,
  ADD COLUMN IF NOT EXISTS chain_hash CHAR(64) CHARACTER SET ascii NULL,
  ADD COLUMN IF NOT EXISTS reason VARCHAR(255) NOT NULL DEFAULT '' COMMENT 'of a credit note made by hand',
  ADD COLUMN IF NOT EXISTS company VARCHAR(100) NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS address_name VARCHAR(255) NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS street VARCHAR(100) NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS house_number VARCHAR(20) NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS postal_code VARCHAR(20) NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS city VARCHAR(100) NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS country CHAR(2) NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS language CHAR(2) NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS vat_id VARCHAR(20) NOT NULL DEFAULT '',
  ADD UNIQUE INDEX IF NOT EXISTS no_number_twice (series, series_year, series_number),
  ADD UNIQUE INDEX IF NOT EXISTS one_chain (chain_position),
  ADD INDEX IF NOT EXISTS invoices_by_day (billed_on, id);

UPDATE invoices SET issued_on = DATE(issued_at), series = 'invoice', series_year = YEAR(billed_on),
  series_number = CAST(SUBSTRING_INDEX(number, '-', -1) AS UNSIGNED) WHERE status = 'issued' AND series IS NULL;

-- A line says which days of which whole period it is for, so that a part of it can be credited to the rappen. `turn` tells
-- apart lines of an order that begin on the same day, as after an upgrade that was taken back: two runners that compute
-- the same line compute the same turn, and the key refuses the second.
ALTER TABLE invoice_lines
  MODIFY kind ENUM('setup','once','recurring','credit','adjustment') NOT NULL,
  ADD COLUMN IF NOT EXISTS turn SMALLINT NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS whole_start DATE NULL COMMENT 'the period whose price is the whole',
  ADD COLUMN IF NOT EXISTS whole_end DATE NULL,
  ADD COLUMN IF NOT EXISTS quantity INT NOT NULL DEFAULT 1,
  ADD COLUMN IF NOT EXISTS unit_minor BIGINT NOT NULL DEFAULT 0 COMMENT 'one piece for the whole period, as the price list counts',
  ADD COLUMN IF NOT EXISTS includes_vat BOOLEAN NOT NULL DEFAULT TRUE COMMENT 'whether the price list does',
  ADD COLUMN IF NOT EXISTS credited_invoice_id BIGINT NULL COMMENT 'of a credit or adjustment: the line it gives back',
  ADD COLUMN IF NOT EXISTS credited_position INT NULL,
  ADD COLUMN IF NOT EXISTS earned_from DATE NULL COMMENT 'the day on which it enters the books',
  ADD COLUMN IF NOT EXISTS earned_until DATE NULL COMMENT 'the day after the last on which some of it is earned',
  DROP INDEX IF EXISTS one_charge_per_period,
  ADD UNIQUE INDEX IF NOT EXISTS one_charge_per_day (order_id, kind, period_start, turn),
  ADD INDEX IF NOT EXISTS credits_of_line (credited_invoice_id, credited_position),
  ADD INDEX IF NOT EXISTS lines_to_earn (earned_until);

UPDATE invoice_lines l JOIN invoices i ON i.id = l.invoice_id
SET l.whole_start = IF(l.period_end IS NULL, NULL, l.period_start), l.whole_end = l.period_end, l.unit_minor = l.gross_minor,
    l.earned_from = i.billed_on, l.earned_until = GREATEST(COALESCE(l.period_end, l.period_start), DATE_ADD(i.billed_on, INTERVAL 1 DAY))
WHERE l.earned_from IS NULL;

-- What is open of a document, and how the rest was settled.
CREATE TABLE IF NOT EXISTS receivables (
  invoice_id     BIGINT NOT NULL PRIMARY KEY REFERENCES invoices (id),
  member_id      BIGINT NOT NULL REFERENCES members (id),
  currency       CHAR(3) NOT NULL,
  due_on         DATE NOT NULL,
  total_minor    BIGINT NOT NULL,
  open_minor     BIGINT NOT NULL CHECK (open_minor >= 0),
  applied_minor  BIGINT NOT NULL DEFAULT 0 CHECK (applied_minor >= 0),
  paid_minor     BIGINT NOT NULL DEFAULT 0 CHECK (paid_minor >= 0),
  open_of        BIGINT AS (IF(open_minor > 0, member_id, NULL)) PERSISTENT COMMENT 'the member while something is open',
  CHECK (open_minor + applied_minor + paid_minor = GREATEST(total_minor, 0)),
  KEY open_receivables (open_of, currency, due_on, open_minor),
  KEY receivables_of_member (member_id, invoice_id)
);

INSERT INTO receivables (invoice_id, member_id, currency, due_on, total_minor, open_minor)
SELECT id, member_id, currency, due_on, total_minor, GREATEST(total_minor, 0) FROM invoices WHERE status = 'issued'
ON DUPLICATE KEY UPDATE receivables.invoice_id = receivables.invoice_id;

-- The one pool of credit that a member has in a currency. It cannot be spent twice: it cannot fall below zero.
CREATE TABLE IF NOT EXISTS credit_balances (
  member_id     BIGINT NOT NULL REFERENCES members (id),
  currency      CHAR(3) NOT NULL,
  credit_minor  BIGINT NOT NULL CHECK (credit_minor >= 0),
  PRIMARY KEY (member_id, currency)
);

-- Credit given by an operator, once per reference.
CREATE TABLE IF NOT EXISTS credits (
  uuid          UUID NOT NULL PRIMARY KEY,
  member_id     BIGINT NOT NULL REFERENCES members (id),
  reference     VARCHAR(64) NOT NULL UNIQUE,
  currency      CHAR(3) NOT NULL,
  amount_minor  BIGINT NOT NULL CHECK (amount_minor > 0),
  reason        VARCHAR(255) NOT NULL,
  given_on      DATE NOT NULL,
  given_at      DATETIME(6) NOT NULL,
  given_by      VARCHAR(64) NOT NULL,
  KEY credits_of_member (member_id, given_on)
);

-- The last link of the chain; one row. Whoever issues takes it, last and shortly.
CREATE TABLE IF NOT EXISTS document_chain (
  id        TINYINT NOT NULL PRIMARY KEY CHECK (id = 1),
  position  BIGINT NOT NULL,
  hash      CHAR(64) CHARACTER SET ascii NOT NULL
);

INSERT INTO document_chain (id, position, hash) VALUES (1, 0, REPEAT('0', 64)) ON DUPLICATE KEY UPDATE document_chain.id = 1;

-- The next free row number of tables that are written in bulk: taken in blocks before the work, so that rows can refer to
-- each other. Numbers left over are lost, and nobody minds.
CREATE TABLE IF NOT EXISTS row_numbers (
  name  VARCHAR(32) NOT NULL PRIMARY KEY,
  next  BIGINT NOT NULL
);

INSERT INTO row_numbers (name, next)
SELECT 'document', COALESCE(MAX(id), 0) + 1 FROM invoices ON DUPLICATE KEY UPDATE row_numbers.next = row_numbers.next;

INSERT INTO row_numbers (name, next)
SELECT 'ledger_transaction', COALESCE(MAX(id), 0) + 1 FROM ledger_transactions ON DUPLICATE KEY UPDATE row_numbers.next = row_numbers.next;

-- Documents to be sent: one mail per document and kind, written in the transaction that issues it.
CREATE TABLE IF NOT EXISTS mail_outbox (
  invoice_id  BIGINT NOT NULL REFERENCES invoices (id),
  kind        VARCHAR(32) NOT NULL COMMENT 'issued, or the stage of dunning',
  state       ENUM('queued','sending','sent','failed') NOT NULL DEFAULT 'queued',
  queued_at   DATETIME(6) NOT NULL,
  PRIMARY KEY (invoice_id, kind),
  KEY mails_to_send (state, queued_at)
);
