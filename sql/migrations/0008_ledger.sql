-- One transaction per document or movement of money.
CREATE TABLE IF NOT EXISTS ledger_transactions (
  id          BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  booked_on   DATE NOT NULL,
  kind        VARCHAR(32) NOT NULL,
  reference   UUID NOT NULL COMMENT 'the document or movement that is booked',
  member_id   BIGINT NULL REFERENCES members (id),
  booked_at   DATETIME(6) NOT NULL,
  UNIQUE one_transaction_per_reference (kind, reference),
  KEY transactions_of_member (member_id, booked_on),
  KEY transactions_by_day (booked_on)
);

-- Each entry debits one account and credits another with the same amount: a transaction that does not balance cannot be
-- written down at all.
CREATE TABLE IF NOT EXISTS ledger_entries (
  transaction_id  BIGINT NOT NULL REFERENCES ledger_transactions (id),
  position        SMALLINT NOT NULL,
  debit           VARCHAR(100) NOT NULL,
  credit          VARCHAR(100) NOT NULL,
  amount_minor    BIGINT NOT NULL CHECK (amount_minor > 0),
  currency        CHAR(3) NOT NULL,
  PRIMARY KEY (transaction_id, position),
  CHECK (debit <> credit)
);

-- The same, as the trade reads it: one signed posting per account, debits positive.
CREATE OR REPLACE VIEW ledger_postings AS
SELECT transaction_id, position, debit AS account, amount_minor, currency FROM ledger_entries
UNION ALL
SELECT transaction_id, position, credit, -amount_minor, currency FROM ledger_entries;
