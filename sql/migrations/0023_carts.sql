-- A cart belongs to whoever knows its uuid, until it is assigned to a member. Checked out it never changes again.
CREATE TABLE IF NOT EXISTS carts (
  id           BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  uuid         UUID NOT NULL UNIQUE,
  member_id    BIGINT NULL REFERENCES members (id),
  subsidiary   VARCHAR(8) NOT NULL,
  currency     CHAR(3) NOT NULL,
  description  VARCHAR(255) NOT NULL DEFAULT '',
  created_at   DATETIME(6) NOT NULL,
  expires_at   DATETIME(6) NOT NULL,
  frozen       BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'checked out',
  version      BIGINT NOT NULL DEFAULT 1,
  KEY carts_of_member (member_id, frozen, id),
  KEY carts_expiring (frozen, expires_at)
);

-- What is in a cart, at the price of the moment it was put there.
CREATE TABLE IF NOT EXISTS cart_items (
  id               BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  cart_id          BIGINT NOT NULL REFERENCES carts (id),
  parent_id        BIGINT NULL COMMENT 'of an option: the server it goes with',
  product          VARCHAR(32) NOT NULL COMMENT 'under which name of the API it was put in: dedicated, eco …',
  plan_id          BIGINT NOT NULL REFERENCES plans (id),
  plan_code        VARCHAR(64) NOT NULL,
  name             VARCHAR(160) NOT NULL,
  family           VARCHAR(64) NOT NULL COMMENT 'of an option: the family of its server that it is of',
  pricing_mode     VARCHAR(32) NOT NULL,
  duration         VARCHAR(8) NOT NULL,
  quantity         INT NOT NULL CHECK (quantity > 0),
  setup_minor      BIGINT NOT NULL COMMENT 'of one, without tax, in the currency of the cart',
  recurring_minor  BIGINT NOT NULL,
  KEY items_of_cart (cart_id, id)
);

CREATE TABLE IF NOT EXISTS cart_configurations (
  id       BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  item_id  BIGINT NOT NULL REFERENCES cart_items (id),
  label    VARCHAR(64) NOT NULL,
  value    VARCHAR(255) NOT NULL,
  UNIQUE (item_id, label)
);
