-- Files of the bank that were imported. A refused file leaves no row.
CREATE TABLE IF NOT EXISTS bank_files (
  id            BIGINT NOT NULL PRIMARY KEY,
  uuid          UUID NOT NULL UNIQUE,
  name          VARCHAR(255) NOT NULL,
  sha256        CHAR(64) CHARACTER SET ascii NOT NULL DEFAULT '' COMMENT 'of its bytes; the same file may come again',
  bytes         BIGINT NOT NULL DEFAULT 0,
  entries       BIGINT NOT NULL DEFAULT 0,
  bookings      BIGINT NOT NULL DEFAULT 0 COMMENT 'told, of any outcome',
  new_bookings  BIGINT NOT NULL DEFAULT 0 COMMENT 'not known before',
  outcomes      VARCHAR(1000) CHARACTER SET ascii NOT NULL DEFAULT '{}' COMMENT 'how many of each, as JSON',
  imported_at   DATETIME(6) NOT NULL,
  imported_by   VARCHAR(64) NOT NULL
);

INSERT INTO row_numbers (name, next) VALUES ('bank_file', 1), ('bank_booking', 1) ON DUPLICATE KEY UPDATE row_numbers.next = row_numbers.next;

-- Entries of our accounts that count, each once: by the bank's reference, direction and reversal. What was told without its
-- details waits for them.
CREATE TABLE IF NOT EXISTS bank_entries (
  account    VARCHAR(34) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  entry_key  VARCHAR(100) COLLATE utf8mb4_bin NOT NULL,
  state      ENUM('waiting','with_details','decided') NOT NULL COMMENT 'decided: an operator has said what it is, its details are not wanted any more',
  PRIMARY KEY (account, entry_key)
);

-- Every booking that was told, and what became of it. booking_key says which piece of money it is, for ever: E:… an entry
-- without details, D:… a detail; I:… something that does not count.
CREATE TABLE IF NOT EXISTS bank_bookings (
  id              BIGINT NOT NULL PRIMARY KEY,
  uuid            UUID NOT NULL UNIQUE,
  file_id         BIGINT NOT NULL REFERENCES bank_files (id),
  account         VARCHAR(34) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  booking_key     VARCHAR(120) COLLATE utf8mb4_bin NOT NULL,
  entry           BIGINT NOT NULL COMMENT 'its place in the file',
  detail          BIGINT NOT NULL COMMENT 'its place in the entry; 0: the entry itself',
  credit          BOOLEAN NOT NULL COMMENT 'money came in',
  reversal        BOOLEAN NOT NULL,
  currency        CHAR(3) NOT NULL,
  amount_minor    BIGINT NOT NULL CHECK (amount_minor >= 0),
  booked_on       DATE NOT NULL,
  value_on        DATE NOT NULL,
  reference       VARCHAR(35) NOT NULL DEFAULT '',
  end_to_end_id   VARCHAR(35) COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  payer_name      VARCHAR(140) NOT NULL DEFAULT '',
  payer_iban      VARCHAR(34) CHARACTER SET ascii NOT NULL DEFAULT '',
  text            VARCHAR(500) NOT NULL DEFAULT '',
  outcome         VARCHAR(32) CHARACTER SET ascii NOT NULL,
  state           ENUM('done','open','waiting','assigned','credited','refunded','offset') NOT NULL
                  COMMENT 'open: a person must decide; waiting: for the details of a batch; offset: two bookings make nothing together',
  suspense_minor  BIGINT NOT NULL DEFAULT 0 COMMENT 'what of it lies in suspense; negative: what is missing there',
  payment_id      BIGINT NULL REFERENCES payments (id),
  offset_by       BIGINT NULL REFERENCES bank_bookings (id),
  decided_at      DATETIME(6) NULL,
  decided_by      VARCHAR(64) NOT NULL DEFAULT '',
  UNIQUE KEY one_booking (account, booking_key),
  KEY bookings_by_state (state, id),
  KEY bookings_of_file (file_id, id)
);

-- Payout files, each for one account of ours. The document is kept as it was handed out: it can be written again, byte for byte.
CREATE TABLE IF NOT EXISTS bank_payouts (
  id            BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  uuid          UUID NOT NULL UNIQUE COMMENT 'the id of the message: the bank takes it once',
  account       VARCHAR(34) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  currency      CHAR(3) NOT NULL,
  transfers     INT NOT NULL,
  amount_minor  BIGINT NOT NULL CHECK (amount_minor > 0),
  document      MEDIUMTEXT NOT NULL,
  created_at    DATETIME(6) NOT NULL,
  created_by    VARCHAR(64) NOT NULL
);

-- Transfers to the outside: a refund of a bank payment, or money sent back that nobody could place. The uuid goes with the
-- money as its end-to-end id; a refund's is its own.
CREATE TABLE IF NOT EXISTS bank_transfers (
  id            BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  uuid          UUID NOT NULL UNIQUE,
  account       VARCHAR(34) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  currency      CHAR(3) NOT NULL,
  amount_minor  BIGINT NOT NULL CHECK (amount_minor > 0),
  refund_id     BIGINT NULL UNIQUE REFERENCES refunds (id),
  booking_id    BIGINT NULL REFERENCES bank_bookings (id),
  payee_name    VARCHAR(140) NOT NULL,
  payee_iban    VARCHAR(34) CHARACTER SET ascii NOT NULL,
  street        VARCHAR(100) NOT NULL DEFAULT '',
  house_number  VARCHAR(20) NOT NULL DEFAULT '',
  postal_code   VARCHAR(20) NOT NULL DEFAULT '',
  city          VARCHAR(100) NOT NULL DEFAULT '',
  country       CHAR(2) NOT NULL DEFAULT '',
  text          VARCHAR(140) NOT NULL,
  state         ENUM('requested','asked','succeeded','failed') NOT NULL DEFAULT 'requested' COMMENT 'asked: it stands in a payout file',
  booking_of    BIGINT AS (IF(state = 'failed', NULL, booking_id)) PERSISTENT UNIQUE COMMENT 'a booking goes back once, unless that failed',
  payout_id     BIGINT NULL REFERENCES bank_payouts (id),
  requested_at  DATETIME(6) NOT NULL,
  finished_at   DATETIME(6) NULL,
  CHECK ((refund_id IS NULL) <> (booking_id IS NULL)),
  KEY transfers_to_pay (state, account, currency, id),
  KEY transfers_of_payout (payout_id, id)
);

-- Who paid from an account before is who it probably is again.
ALTER TABLE payments
  ADD INDEX IF NOT EXISTS payments_of_payer (payer_iban, member_id);

ALTER TABLE members
  ADD INDEX IF NOT EXISTS members_of_name (name),
  ADD INDEX IF NOT EXISTS members_of_address_name (address_name),
  ADD INDEX IF NOT EXISTS members_of_company (company);
