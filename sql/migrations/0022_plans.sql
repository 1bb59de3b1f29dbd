-- Dedicated servers are sold by plan: a server, or an option that goes with one. Prices are without tax.
ALTER TABLE products MODIFY COLUMN parameter_kind ENUM('none','machine','snapshot','server') NOT NULL;

INSERT INTO products (sku, position, name, description, billing_interval, parameter_kind, requires_membership,
                      one_per_member, tag, free_while, vat_class) VALUES
  ('dedicated-server', 6, 'Dedicated server', 'A server of your own, by plan; order it through /1.0/order/cart', 'P1M', 'server', FALSE, FALSE, '', '', 'standard')
ON DUPLICATE KEY UPDATE sku = VALUES(sku);

CREATE TABLE IF NOT EXISTS plans (
  id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  code            VARCHAR(64) NOT NULL UNIQUE,
  kind            ENUM('server','option') NOT NULL,
  name            VARCHAR(160) NOT NULL COMMENT 'on offers and documents',
  family          VARCHAR(64) NOT NULL COMMENT 'of a server its range, of an option what it is: memory, storage, bandwidth …',
  specifications  TEXT NOT NULL DEFAULT '{}' COMMENT 'JSON, as the catalogues show it',
  supplier        VARCHAR(64) NOT NULL DEFAULT '' COMMENT 'who delivers it; empty: our own stock',
  supplier_code   VARCHAR(64) NOT NULL DEFAULT '',
  sold            BOOLEAN NOT NULL DEFAULT TRUE,
  KEY plans_sold (kind, sold, code)
);

-- The price of a plan in one pricing mode from a day on, until the next one. Rows are only added. The cost is what the supplier takes.
CREATE TABLE IF NOT EXISTS plan_prices (
  id                     BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  plan_id                BIGINT NOT NULL REFERENCES plans (id),
  currency               CHAR(3) NOT NULL,
  pricing_mode           VARCHAR(32) NOT NULL DEFAULT 'default',
  duration               VARCHAR(8) NOT NULL COMMENT 'ISO 8601; the interval of its billing',
  commitment_months      SMALLINT NOT NULL DEFAULT 0,
  valid_from             DATE NOT NULL,
  setup_minor            BIGINT NOT NULL DEFAULT 0 CHECK (setup_minor >= 0),
  recurring_minor        BIGINT NOT NULL CHECK (recurring_minor >= 0),
  max_quantity           SMALLINT NOT NULL DEFAULT 20 CHECK (max_quantity > 0),
  cost_currency          CHAR(3) NULL,
  cost_setup_minor       BIGINT NULL,
  cost_recurring_minor   BIGINT NULL,
  UNIQUE (plan_id, currency, pricing_mode, duration, valid_from)
);

-- What is to be chosen for a server, or an option: the one source of what is required and what is allowed.
CREATE TABLE IF NOT EXISTS plan_labels (
  plan_id         BIGINT NOT NULL REFERENCES plans (id),
  label           VARCHAR(64) NOT NULL,
  position        SMALLINT NOT NULL,
  type            VARCHAR(32) NOT NULL COMMENT 'String, Boolean, Integer …',
  required        BOOLEAN NOT NULL,
  allowed_values  TEXT NULL COMMENT 'JSON list of texts; NULL: whatever fits the type',
  PRIMARY KEY (plan_id, label)
);

CREATE TABLE IF NOT EXISTS plan_option_families (
  plan_id    BIGINT NOT NULL REFERENCES plans (id),
  family     VARCHAR(64) NOT NULL,
  position   SMALLINT NOT NULL,
  mandatory  BOOLEAN NOT NULL COMMENT 'exactly one of its options must be taken',
  exclusive  BOOLEAN NOT NULL COMMENT 'at most one',
  PRIMARY KEY (plan_id, family)
);

CREATE TABLE IF NOT EXISTS plan_options (
  plan_id     BIGINT NOT NULL REFERENCES plans (id),
  family      VARCHAR(64) NOT NULL,
  option_id   BIGINT NOT NULL REFERENCES plans (id),
  position    SMALLINT NOT NULL,
  is_default  BOOLEAN NOT NULL DEFAULT FALSE,
  PRIMARY KEY (plan_id, option_id)
);

ALTER TABLE orders
  ADD COLUMN IF NOT EXISTS plan_code VARCHAR(64) NULL COMMENT 'of a server' AFTER vm_uuid,
  ADD COLUMN IF NOT EXISTS detail VARCHAR(255) NOT NULL DEFAULT '' COMMENT 'what it is, on documents; empty: its parameters tell' AFTER plan_code;
