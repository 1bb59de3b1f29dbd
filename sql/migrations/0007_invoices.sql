-- A document. Once issued it never changes: what it shows is copied onto it, corrections are credit notes.
CREATE TABLE IF NOT EXISTS invoices (
  id           BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  uuid         UUID NOT NULL UNIQUE,
  member_id    BIGINT NOT NULL REFERENCES members (id),
  number       VARCHAR(32) NULL UNIQUE COMMENT 'drafts have none',
  kind         ENUM('invoice','credit_note') NOT NULL DEFAULT 'invoice',
  status       ENUM('draft','issued') NOT NULL,
  currency     CHAR(3) NOT NULL,
  net_minor    BIGINT NOT NULL,
  vat_minor    BIGINT NOT NULL,
  total_minor  BIGINT NOT NULL,
  billed_on    DATE NOT NULL COMMENT 'the billing day',
  issued_at    DATETIME(6) NULL,
  due_on       DATE NULL,
  CHECK (net_minor + vat_minor = total_minor),
  CHECK ((number IS NULL) = (status = 'draft')),
  KEY invoices_of_member (member_id, id)
);

CREATE TABLE IF NOT EXISTS invoice_lines (
  invoice_id    BIGINT NOT NULL REFERENCES invoices (id),
  position      INT NOT NULL,
  order_id      BIGINT NOT NULL REFERENCES orders (id),
  kind          ENUM('setup','once','recurring') NOT NULL,
  sku           VARCHAR(64) NOT NULL,
  text          VARCHAR(255) NOT NULL,
  period_start  DATE NOT NULL,
  period_end    DATE NULL,
  net_minor     BIGINT NOT NULL,
  vat_rate      SMALLINT NOT NULL COMMENT 'hundredths of a percent',
  vat_minor     BIGINT NOT NULL,
  gross_minor   BIGINT NOT NULL,
  PRIMARY KEY (invoice_id, position),
  UNIQUE one_charge_per_period (order_id, kind, period_start),
  CHECK (net_minor + vat_minor = gross_minor)
);

-- The next number of each series and year; taken in the last short transaction, so no number is lost.
CREATE TABLE IF NOT EXISTS number_series (
  series  VARCHAR(16) NOT NULL,
  year    SMALLINT NOT NULL,
  last    BIGINT NOT NULL,
  PRIMARY KEY (series, year)
);
