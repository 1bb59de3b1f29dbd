-- Money that came in, each piece once: `source` says which piece it is. What it settled is in payment_allocations, the rest
-- of it became credit.
CREATE TABLE IF NOT EXISTS payments (
  id              BIGINT NOT NULL PRIMARY KEY,
  uuid            UUID NOT NULL UNIQUE,
  member_id       BIGINT NOT NULL REFERENCES members (id),
  means           ENUM('card','bank') NOT NULL,
  source          VARCHAR(191) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE COMMENT 'charge:ID of the gateway, or booking:ACCOUNT:KEY of the bank',
  account         VARCHAR(64) CHARACTER SET ascii NOT NULL COMMENT 'of the ledger: where the money lies',
  currency        CHAR(3) NOT NULL,
  amount_minor    BIGINT NOT NULL CHECK (amount_minor > 0),
  credit_minor    BIGINT NOT NULL COMMENT 'what of it became credit',
  refunded_minor  BIGINT NOT NULL DEFAULT 0 COMMENT 'paid back, or on the way',
  invoice_id      BIGINT NULL COMMENT 'the document it names' REFERENCES invoices (id),
  state           ENUM('booked','reversed') NOT NULL DEFAULT 'booked',
  booked_on       DATE NOT NULL COMMENT 'in the books',
  value_on        DATE NOT NULL COMMENT 'the day it counts from',
  received_at     DATETIME(6) NOT NULL,
  payer_name      VARCHAR(140) NOT NULL DEFAULT '',
  payer_iban      VARCHAR(34) CHARACTER SET ascii NOT NULL DEFAULT '',
  CHECK (credit_minor BETWEEN 0 AND amount_minor),
  CHECK (refunded_minor BETWEEN 0 AND amount_minor),
  CHECK (state = 'booked' OR refunded_minor = 0),
  KEY payments_of_member (member_id, id),
  KEY payments_of_invoice (invoice_id, amount_minor),
  KEY payments_by_day (booked_on, id)
);

CREATE TABLE IF NOT EXISTS payment_allocations (
  payment_id    BIGINT NOT NULL REFERENCES payments (id),
  invoice_id    BIGINT NOT NULL REFERENCES invoices (id),
  amount_minor  BIGINT NOT NULL CHECK (amount_minor > 0),
  PRIMARY KEY (payment_id, invoice_id),
  KEY allocations_of_invoice (invoice_id, payment_id)
);

INSERT INTO row_numbers (name, next) VALUES ('payment', 1) ON DUPLICATE KEY UPDATE row_numbers.next = row_numbers.next;

-- An open document is looked at again on attend_on: charged, reminded, or left for another day. NULL: nothing is to be done.
ALTER TABLE receivables
  ADD COLUMN IF NOT EXISTS attend_on DATE NULL,
  ADD INDEX IF NOT EXISTS receivables_to_attend (attend_on, member_id);

UPDATE receivables r JOIN invoices i ON i.id = r.invoice_id SET r.attend_on = i.issued_on WHERE r.open_minor > 0 AND r.attend_on IS NULL;

-- A try to charge a card for a document. The row is committed before the gateway is asked, and never asks for anything
-- else: amount, card, customer and text are copied onto it, so that the same key always goes with the same words.
CREATE TABLE IF NOT EXISTS charges (
  id                BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  uuid              UUID NOT NULL UNIQUE,
  invoice_id        BIGINT NOT NULL REFERENCES invoices (id),
  attempt           SMALLINT NOT NULL,
  member_id         BIGINT NOT NULL REFERENCES members (id),
  method_id         BIGINT NOT NULL REFERENCES payment_methods (id),
  gateway_customer  VARCHAR(255) CHARACTER SET ascii NOT NULL,
  gateway_card      VARCHAR(255) CHARACTER SET ascii NOT NULL,
  currency          CHAR(3) NOT NULL,
  amount_minor      BIGINT NOT NULL CHECK (amount_minor > 0),
  description       VARCHAR(255) NOT NULL,
  state             ENUM('planned','asked','processing','waiting','succeeded','failed','canceled') NOT NULL DEFAULT 'planned'
                    COMMENT 'asked: the gateway may know of it, waiting: for the member',
  open_of           BIGINT AS (IF(state IN ('planned','asked','processing','waiting'), invoice_id, NULL)) PERSISTENT UNIQUE COMMENT 'one open try a document',
  planned_at        DATETIME(6) NOT NULL,
  planned_on        DATE NOT NULL,
  asked_at          DATETIME(6) NULL COMMENT 'the first time, its key is good for a day',
  look_at           DATETIME(6) NULL COMMENT 'when the worker takes it up, NULL: it waits for others',
  lease_owner       VARCHAR(128) NULL,
  intent_id         VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NULL UNIQUE,
  charge_id         VARCHAR(255) CHARACTER SET ascii NULL,
  request_id        VARCHAR(64) CHARACTER SET ascii NOT NULL DEFAULT '' COMMENT 'of the gateway, for its support',
  code              VARCHAR(64) NOT NULL DEFAULT '',
  decline_code      VARCHAR(64) NOT NULL DEFAULT '',
  advice_code       VARCHAR(64) NOT NULL DEFAULT '',
  reaction          VARCHAR(32) NOT NULL DEFAULT '',
  link              CHAR(43) CHARACTER SET ascii COLLATE ascii_bin NULL UNIQUE COMMENT 'the page on which the member confirms',
  link_until        DATETIME(6) NULL,
  finished_at       DATETIME(6) NULL,
  UNIQUE KEY one_attempt (invoice_id, attempt),
  KEY charges_to_take_up (look_at),
  KEY charges_of_member (member_id, id)
);

-- Credit that is paid out, to where the money came from. It is held from the moment it is asked for: it cannot be spent twice.
CREATE TABLE IF NOT EXISTS refunds (
  id            BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  uuid          UUID NOT NULL UNIQUE,
  reference     VARCHAR(64) NOT NULL UNIQUE COMMENT 'given by the operator, so that none is made twice',
  member_id     BIGINT NOT NULL REFERENCES members (id),
  payment_id    BIGINT NOT NULL REFERENCES payments (id),
  means         ENUM('card','bank') NOT NULL,
  currency      CHAR(3) NOT NULL,
  amount_minor  BIGINT NOT NULL CHECK (amount_minor > 0),
  reason        VARCHAR(255) NOT NULL,
  state         ENUM('requested','asked','pending','succeeded','failed') NOT NULL DEFAULT 'requested',
  look_at       DATETIME(6) NULL,
  lease_owner   VARCHAR(128) NULL,
  gateway_id    VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NULL UNIQUE,
  failure       VARCHAR(64) NOT NULL DEFAULT '',
  payee_name    VARCHAR(140) NOT NULL DEFAULT '',
  payee_iban    VARCHAR(34) CHARACTER SET ascii NOT NULL DEFAULT '',
  requested_at  DATETIME(6) NOT NULL,
  requested_by  VARCHAR(64) NOT NULL,
  finished_at   DATETIME(6) NULL,
  KEY refunds_of_payment (payment_id),
  KEY refunds_to_take_up (look_at),
  KEY refunds_of_member (member_id, id)
);

-- Card payments that a bank contests: the money is taken back until it is settled.
CREATE TABLE IF NOT EXISTS disputes (
  gateway_id    VARCHAR(191) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  payment_id    BIGINT NOT NULL REFERENCES payments (id),
  currency      CHAR(3) NOT NULL,
  amount_minor  BIGINT NOT NULL,
  reason        VARCHAR(64) NOT NULL,
  state         VARCHAR(64) NOT NULL COMMENT 'the word of the gateway',
  outcome       ENUM('open','won','lost') NOT NULL DEFAULT 'open',
  withdrawn     BOOLEAN NOT NULL DEFAULT FALSE,
  opened_at     DATETIME(6) NOT NULL,
  changed_at    DATETIME(6) NOT NULL,
  KEY disputes_of_payment (payment_id)
);

-- The reminders that went out, each stage once a document.
CREATE TABLE IF NOT EXISTS dunning_notices (
  invoice_id  BIGINT NOT NULL REFERENCES invoices (id),
  stage       SMALLINT NOT NULL,
  name        VARCHAR(32) NOT NULL,
  sent_on     DATE NOT NULL,
  PRIMARY KEY (invoice_id, stage)
);
