-- A way to pay. Of a card only what the gateway shows is kept; the card itself stays there.
CREATE TABLE IF NOT EXISTS payment_methods (
  id           BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  uuid         UUID NOT NULL UNIQUE,
  member_id    BIGINT NOT NULL REFERENCES members (id),
  type         ENUM('card','invoice') NOT NULL,
  status       ENUM('requested','active','refused','removed') NOT NULL,
  default_of   BIGINT NULL UNIQUE COMMENT 'the member, on the one that is the default',
  invoice_of   BIGINT NULL UNIQUE COMMENT 'the member, on the one invoice method that is requested or active',
  card_of      VARCHAR(128) NULL UNIQUE COMMENT 'member, fingerprint and expiry of an active card: none is registered twice',
  gateway_id   VARCHAR(255) NULL UNIQUE,
  brand        VARCHAR(32) NULL,
  last4        CHAR(4) NULL,
  exp_month    TINYINT NULL,
  exp_year     SMALLINT NULL,
  fingerprint  VARCHAR(64) NULL,
  country      CHAR(2) NULL,
  funding      VARCHAR(16) NULL,
  created_at   DATETIME(6) NOT NULL,
  decided_at   DATETIME(6) NULL,
  decided_by   VARCHAR(64) NULL,
  KEY methods_of_member (member_id, status, id),
  KEY methods_to_decide (status, type, id)
);

-- One customer at the gateway per member, made once.
CREATE TABLE IF NOT EXISTS gateway_customers (
  member_id    BIGINT NOT NULL PRIMARY KEY REFERENCES members (id),
  gateway_id   VARCHAR(255) NOT NULL UNIQUE
);
