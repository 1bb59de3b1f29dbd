-- Mails to members. Each is about a document, a refund or a card, and there is one of a kind for each of them; a card's is
-- of its expiry, too. Times beside queued_at are the database's own clock.
ALTER TABLE mail_outbox
  ADD COLUMN IF NOT EXISTS id BIGINT NOT NULL AUTO_INCREMENT FIRST,
  ADD UNIQUE INDEX IF NOT EXISTS mail_numbers (id),
  ADD UNIQUE INDEX IF NOT EXISTS one_mail_of_document (invoice_id, kind);

ALTER TABLE mail_outbox
  DROP PRIMARY KEY,
  ADD PRIMARY KEY (id);

ALTER TABLE mail_outbox
  DROP INDEX IF EXISTS mail_numbers,
  DROP INDEX IF EXISTS mails_to_send,
  MODIFY invoice_id BIGINT NULL COMMENT 'or one of the two below',
  MODIFY kind VARCHAR(32) NOT NULL COMMENT 'the reason for it, or the stage of dunning',
  MODIFY state ENUM('queued','sending','sent','failed','refused','obsolete','no_address') NOT NULL DEFAULT 'queued'
         COMMENT 'failed: given up; obsolete: not true any more when its turn came',
  MODIFY queued_at DATETIME(6) NOT NULL COMMENT 'by the clock of the business; the Date of the mail',
  ADD COLUMN IF NOT EXISTS uuid UUID NULL COMMENT 'of its Message-ID' AFTER id,
  ADD COLUMN IF NOT EXISTS refund_id BIGINT NULL REFERENCES refunds (id),
  ADD COLUMN IF NOT EXISTS method_id BIGINT NULL REFERENCES payment_methods (id),
  ADD COLUMN IF NOT EXISTS expiry CHAR(7) CHARACTER SET ascii NOT NULL DEFAULT '' COMMENT 'of a card, YYYY-MM',
  ADD COLUMN IF NOT EXISTS attempts SMALLINT NOT NULL DEFAULT 0 COMMENT 'with the one under way',
  ADD COLUMN IF NOT EXISTS unknowns SMALLINT NOT NULL DEFAULT 0 COMMENT 'tries after which it may have arrived',
  ADD COLUMN IF NOT EXISTS next_at DATETIME(6) NOT NULL DEFAULT NOW(6) COMMENT 'when a queued one may be taken',
  ADD COLUMN IF NOT EXISTS taken_by VARCHAR(64) NULL COMMENT 'the worker that is sending it',
  ADD COLUMN IF NOT EXISTS taken_until DATETIME(6) NULL,
  ADD COLUMN IF NOT EXISTS tried_at DATETIME(6) NULL COMMENT 'when it was last given to the mail server',
  ADD COLUMN IF NOT EXISTS sent_to VARCHAR(255) NOT NULL DEFAULT '' COMMENT 'the address of the last try',
  ADD COLUMN IF NOT EXISTS error VARCHAR(255) NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS finished_at DATETIME(6) NULL,
  ADD INDEX IF NOT EXISTS mails_due (state, next_at),
  ADD INDEX IF NOT EXISTS mails_by_state (state, id),
  ADD INDEX IF NOT EXISTS mails_tried (tried_at),
  ADD UNIQUE INDEX IF NOT EXISTS one_mail_of_refund (refund_id, kind),
  ADD UNIQUE INDEX IF NOT EXISTS one_mail_of_card (method_id, expiry, kind),
  ADD CONSTRAINT IF NOT EXISTS one_subject CHECK ((invoice_id IS NOT NULL) + (refund_id IS NOT NULL) + (method_id IS NOT NULL) = 1);

-- A UUID of version 4; MariaDB's own UUID() would tell every receiver our network card's address.
UPDATE mail_outbox SET uuid = INSERT(INSERT(HEX(RANDOM_BYTES(16)), 13, 1, '4'), 17, 1, '8') WHERE uuid IS NULL;

ALTER TABLE mail_outbox
  MODIFY uuid UUID NOT NULL DEFAULT (INSERT(INSERT(HEX(RANDOM_BYTES(16)), 13, 1, '4'), 17, 1, '8')) COMMENT 'of its Message-ID',
  ADD UNIQUE INDEX IF NOT EXISTS mails_by_uuid (uuid);

UPDATE mail_outbox o JOIN invoices i ON i.id = o.invoice_id SET o.kind = 'credit_note' WHERE o.kind = 'issued' AND i.kind = 'credit_note';

ALTER TABLE payment_methods
  ADD INDEX IF NOT EXISTS cards_by_expiry (exp_year, exp_month);
