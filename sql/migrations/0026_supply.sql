-- How a server that was ordered is delivered: out of our own stock, or by a supplier who is ordered from in the same API.
CREATE TABLE IF NOT EXISTS servers (
  id          BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name        VARCHAR(255) NOT NULL UNIQUE,
  plan_code   VARCHAR(64) NOT NULL,
  datacenter  VARCHAR(64) NOT NULL DEFAULT '',
  state       ENUM('free','in_use','to_wipe','retired') NOT NULL DEFAULT 'free',
  order_id    BIGINT NULL UNIQUE REFERENCES orders (id),
  added_at    DATETIME(6) NOT NULL,
  changed_at  DATETIME(6) NOT NULL,
  KEY servers_free (state, plan_code, datacenter, id)
);

-- One row for each order that a supplier delivers: its journal. What is about to be done stands here before it is done.
CREATE TABLE IF NOT EXISTS supplies (
  order_id           BIGINT NOT NULL PRIMARY KEY REFERENCES orders (id),
  supplier           VARCHAR(64) NOT NULL,
  step               ENUM('new','cart','filled','checkout_sent','ordered','delivered','cancelled') NOT NULL DEFAULT 'new',
  held_reason        VARCHAR(1000) NOT NULL DEFAULT '' COMMENT 'why a person must decide; empty: it goes on by itself',
  cart_id            VARCHAR(64) NOT NULL DEFAULT '' COMMENT 'at the supplier',
  supplier_order_id  BIGINT NULL,
  status             VARCHAR(32) NOT NULL DEFAULT '' COMMENT 'of the order, in the supplier''s words',
  currency           CHAR(3) NULL COMMENT 'of what the supplier takes first, by its dry run',
  net_minor          BIGINT NULL,
  gross_minor        BIGINT NULL,
  price_accepted     BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'an operator accepts a price above the cost that was reckoned with',
  sent_at            DATETIME(6) NULL COMMENT 'when the checkout was first sent',
  delivered_at       DATETIME(6) NULL COMMENT 'when the supplier first said so',
  server_name        VARCHAR(255) NOT NULL DEFAULT '',
  attempts           INT NOT NULL DEFAULT 0 COMMENT 'looks in a row that brought nothing',
  last_error         VARCHAR(255) NOT NULL DEFAULT '',
  look_at            DATETIME(6) NOT NULL,
  starts             INT NOT NULL DEFAULT 0 COMMENT 'how often an operator let it go on',
  version            BIGINT NOT NULL DEFAULT 1,
  created_at         DATETIME(6) NOT NULL,
  changed_at         DATETIME(6) NOT NULL,
  UNIQUE one_supply_per_supplier_order (supplier, supplier_order_id),
  KEY supplies_by_step (supplier, step),
  KEY supplies_by_name (supplier, server_name)
);

-- What suppliers bill, each document once, as it is in the books: net to costs, tax to what is got back, gross to what is owed.
CREATE TABLE IF NOT EXISTS supplier_bills (
  id             BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  uuid           UUID NOT NULL UNIQUE COMMENT 'the reference in the ledger',
  supplier       VARCHAR(64) NOT NULL,
  bill           VARCHAR(64) NOT NULL COMMENT 'the supplier''s number of it',
  billed_at      DATETIME(6) NOT NULL,
  currency       CHAR(3) NOT NULL,
  net_minor      BIGINT NOT NULL COMMENT 'negative: given back',
  tax_minor      BIGINT NOT NULL,
  gross_minor    BIGINT NOT NULL,
  booked_on      DATE NOT NULL,
  UNIQUE one_row_per_bill (supplier, bill),
  KEY bills_by_day (booked_on),
  KEY bills_of_supplier (supplier, billed_at)
);

-- What of a bill was for which order; without an order: something that was not ordered through us.
CREATE TABLE IF NOT EXISTS supplier_bill_lines (
  bill_id    BIGINT NOT NULL REFERENCES supplier_bills (id),
  position   INT NOT NULL,
  order_id   BIGINT NULL REFERENCES orders (id),
  service    VARCHAR(255) NOT NULL COMMENT 'what it is for, by the supplier; with a star before it has a name',
  text       VARCHAR(255) NOT NULL,
  net_minor  BIGINT NOT NULL,
  PRIMARY KEY (bill_id, position),
  KEY lines_of_order (order_id)
);

-- How far the bills of a supplier have been read.
CREATE TABLE IF NOT EXISTS supplier_reading (
  supplier    VARCHAR(64) NOT NULL PRIMARY KEY,
  bills_from  DATETIME(6) NOT NULL COMMENT 'earlier ones are all in the books',
  look_at     DATETIME(6) NOT NULL
);

-- What one of a supplier's currency was worth in ours when prices were made, from a day on.
CREATE TABLE IF NOT EXISTS supplier_rates (
  supplier       VARCHAR(64) NOT NULL,
  cost_currency  CHAR(3) NOT NULL,
  currency       CHAR(3) NOT NULL,
  valid_from     DATE NOT NULL,
  rate           DECIMAL(18,6) NOT NULL,
  PRIMARY KEY (supplier, cost_currency, currency, valid_from)
);

ALTER TABLE plans ADD COLUMN IF NOT EXISTS supplier_product VARCHAR(32) NOT NULL DEFAULT '' COMMENT 'under which name the supplier sells it: baremetalServers, eco' AFTER supplier_code;

ALTER TABLE plan_prices ADD COLUMN IF NOT EXISTS withdrawn BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'from its day on the plan is not sold in this mode';

-- What goes wrong on purpose in a sandbox's cart API.
CREATE TABLE IF NOT EXISTS call_faults (
  id          BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  kind        ENUM('refuse_before','error_after_commit','lost_answer','hang','slow_delivery','cancel_order') NOT NULL,
  method      VARCHAR(8) NOT NULL DEFAULT '' COMMENT 'empty: any',
  path        VARCHAR(128) NOT NULL DEFAULT '*' COMMENT 'a pattern: * stands for anything',
  percent     INT NOT NULL DEFAULT 100 COMMENT 'of the calls',
  times_left  BIGINT NULL COMMENT 'NULL: no end',
  seconds     INT NOT NULL DEFAULT 0 COMMENT 'of a hang or a slow delivery',
  seed        BIGINT NOT NULL,
  hits        BIGINT NOT NULL DEFAULT 0
);
