-- A cart that was bought. The UNIQUE key is what makes a checkout happen once, whoever calls it how often.
CREATE TABLE IF NOT EXISTS checkouts (
  id                BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY COMMENT 'the number of the purchase in the cart API',
  cart_id           BIGINT NOT NULL UNIQUE REFERENCES carts (id),
  member_id         BIGINT NOT NULL REFERENCES members (id),
  placed_at         DATETIME(6) NOT NULL,
  currency          CHAR(3) NOT NULL,
  net_minor         BIGINT NOT NULL COMMENT 'of the first payment',
  vat_minor         BIGINT NOT NULL,
  gross_minor       BIGINT NOT NULL,
  waives_retraction BOOLEAN NOT NULL,
  waits_for_member  BOOLEAN NOT NULL COMMENT 'no card is charged before the member asks for it',
  KEY checkouts_of_member (member_id, id)
);

CREATE TABLE IF NOT EXISTS checkout_lines (
  id            BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  checkout_id   BIGINT NOT NULL REFERENCES checkouts (id),
  item_id       BIGINT NOT NULL,
  detail_type   VARCHAR(16) NOT NULL COMMENT 'DURATION, INSTALLATION',
  description   VARCHAR(255) NOT NULL,
  quantity      INT NOT NULL,
  unit_minor    BIGINT NOT NULL,
  total_minor   BIGINT NOT NULL COMMENT 'without tax',
  vat_minor     BIGINT NOT NULL COMMENT 'on the total, as the first invoice has it',
  later_vat_minor  BIGINT NOT NULL COMMENT 'of a period: on the total of a later one',
  KEY lines_of_checkout (checkout_id, id)
);

-- What one order of a server is: a unit of an item with its options and what was chosen for it.
CREATE TABLE IF NOT EXISTS server_orders (
  order_id       BIGINT NOT NULL PRIMARY KEY REFERENCES orders (id),
  checkout_id    BIGINT NOT NULL REFERENCES checkouts (id),
  item_id        BIGINT NOT NULL,
  unit           SMALLINT NOT NULL COMMENT '1 to the quantity of the item',
  plan_code      VARCHAR(64) NOT NULL,
  pricing_mode   VARCHAR(32) NOT NULL,
  options        TEXT NOT NULL COMMENT 'JSON list of plan codes',
  configuration  TEXT NOT NULL COMMENT 'JSON object: label to value; those of options under the code of their plan',
  server_name    VARCHAR(255) NULL COMMENT 'once delivered',
  UNIQUE (item_id, unit),
  KEY server_orders_of_checkout (checkout_id)
);
