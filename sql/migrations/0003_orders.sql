-- An order carries its parameters and its price of the moment it was placed: a new price never touches it.
CREATE TABLE IF NOT EXISTS orders (
  id                  BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  uuid                UUID NOT NULL UNIQUE COMMENT 'the client may choose it',
  member_id           BIGINT NOT NULL REFERENCES members (id),
  sku                 VARCHAR(64) NOT NULL REFERENCES products (sku),
  cores               SMALLINT NULL,
  ram_mb              INT NULL,
  os_disk_gb          INT NULL COMMENT 'for a snapshot: provisioned GiB of the image',
  os                  VARCHAR(64) NULL,
  vm_uuid             UUID NULL COMMENT 'for a snapshot: of which machine',
  currency            CHAR(3) NOT NULL,
  setup_minor         BIGINT NOT NULL,
  recurring_minor     BIGINT NOT NULL,
  price_includes_vat  BOOLEAN NOT NULL,
  billing_interval    VARCHAR(8) NULL,
  status              ENUM('placed','awaiting_payment','provisioning','active','suspended','cancelled','ended') NOT NULL,
  running_key         VARCHAR(96) NULL UNIQUE COMMENT 'member and sku while an order of a one-per-member product runs',
  placed_at           DATETIME(6) NOT NULL,
  started_on          DATE NOT NULL COMMENT 'anchor of its periods, in the billing zone',
  ends_on             DATE NULL COMMENT 'first day no longer supplied',
  version             BIGINT NOT NULL DEFAULT 1,
  KEY orders_of_member (member_id, id),
  KEY orders_by_status (member_id, status, sku),
  KEY orders_ending (status, ends_on)
);

-- Every change of an order: who, when, why.
CREATE TABLE IF NOT EXISTS order_events (
  id           BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  order_id     BIGINT NOT NULL REFERENCES orders (id),
  at           DATETIME(6) NOT NULL,
  actor        VARCHAR(64) NOT NULL COMMENT 'uid of a member or operator, or the program',
  from_status  VARCHAR(20) NULL,
  to_status    VARCHAR(20) NOT NULL,
  reason       VARCHAR(255) NOT NULL,
  KEY events_of_order (order_id, id)
);

-- What an order was before a change of its parameters; the order itself holds what it is now.
CREATE TABLE IF NOT EXISTS order_versions (
  order_id         BIGINT NOT NULL REFERENCES orders (id),
  version          BIGINT NOT NULL,
  valid_until      DATE NOT NULL COMMENT 'first day of the version after it',
  cores            SMALLINT NULL,
  ram_mb           INT NULL,
  os_disk_gb       INT NULL,
  recurring_minor  BIGINT NOT NULL,
  PRIMARY KEY (order_id, version)
);
