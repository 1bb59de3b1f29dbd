-- A registration of a card in the member's browser. Its row is committed before the gateway is asked, and says whose a registration is
-- that is named to us later; with the consent to charge the card for later invoices.
CREATE TABLE IF NOT EXISTS card_setups (
  id                BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  member_id         BIGINT NOT NULL REFERENCES members (id),
  attempt           VARCHAR(191) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'names the try; the idempotency key is made of it',
  gateway_id        VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NULL UNIQUE,
  begun_at          DATETIME(6) NOT NULL,
  consent_version   VARCHAR(16) CHARACTER SET ascii NULL COMMENT 'of the text that was agreed to',
  consent_language  CHAR(2) CHARACTER SET ascii NULL,
  consent_address   VARCHAR(45) CHARACTER SET ascii NULL COMMENT 'the IP address it was given from',
  consented_at      DATETIME(6) NULL,
  method_id         BIGINT NULL COMMENT 'the card that came of it' REFERENCES payment_methods (id),
  UNIQUE KEY setups_by_attempt (member_id, attempt),
  KEY setups_abandoned (method_id, begun_at)
);
