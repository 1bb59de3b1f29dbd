-- What is sold. The rules that a product follows are here, its prices below with their dates.
CREATE TABLE IF NOT EXISTS products (
  sku                  VARCHAR(64) NOT NULL PRIMARY KEY,
  position             SMALLINT NOT NULL,
  name                 VARCHAR(100) NOT NULL,
  description          VARCHAR(500) NOT NULL,
  billing_interval     VARCHAR(8) NULL COMMENT 'ISO 8601 duration; NULL: sold once',
  parameter_kind       ENUM('none','machine','snapshot') NOT NULL,
  requires_membership  BOOLEAN NOT NULL,
  one_per_member       BOOLEAN NOT NULL DEFAULT FALSE,
  tag                  VARCHAR(32) NOT NULL DEFAULT '' COMMENT 'what an active order of it gives the member',
  free_while           VARCHAR(32) NOT NULL DEFAULT '' COMMENT 'free on days with an active order of this tag',
  vat_class            VARCHAR(32) NOT NULL DEFAULT '' COMMENT 'empty: no tax'
);

INSERT INTO products (sku, position, name, description, billing_interval, parameter_kind, requires_membership,
                      one_per_member, tag, free_while, vat_class) VALUES
  ('membership', 1, 'Membership', 'Membership of the provider; needed for the smaller products', 'P1M', 'none', FALSE, TRUE, 'membership', '', ''),
  ('ipv6-only-vm', 2, 'IPv6 only VM', 'Virtual machine with an IPv6 address', 'P1M', 'machine', TRUE, FALSE, 'vm', '', 'standard'),
  ('django-hosting', 3, 'Django hosting', 'A Django application on a managed machine of your size', 'P1M', 'machine', FALSE, FALSE, '', '', 'standard'),
  ('ipv6-vpn', 4, 'IPv6 VPN', 'A /48 over WireGuard; free while you have an active VM', 'P1M', 'none', TRUE, FALSE, '', 'vm', 'standard'),
  ('vm-snapshot', 5, 'VM snapshot', 'A point in time of one VM, by provisioned GiB', 'P1M', 'snapshot', TRUE, FALSE, '', '', 'standard')
ON DUPLICATE KEY UPDATE sku = VALUES(sku);

-- The price of a product from a day on, until the next one. Rows are only added.
CREATE TABLE IF NOT EXISTS product_prices (
  id               BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  sku              VARCHAR(64) NOT NULL REFERENCES products (sku),
  currency         CHAR(3) NOT NULL,
  valid_from       DATE NOT NULL,
  includes_vat     BOOLEAN NOT NULL DEFAULT TRUE,
  setup_minor      BIGINT NOT NULL DEFAULT 0 CHECK (setup_minor >= 0),
  recurring_minor  BIGINT NOT NULL DEFAULT 0 CHECK (recurring_minor >= 0),
  UNIQUE (sku, currency, valid_from)
);

-- What a unit adds to the price for a whole interval: a core, half a GB of RAM, a GB of SSD, a GiB of image.
CREATE TABLE IF NOT EXISTS product_unit_prices (
  price_id         BIGINT NOT NULL REFERENCES product_prices (id),
  unit             ENUM('core','ram_half_gb','ssd_gb','gib') NOT NULL,
  setup_minor      BIGINT NOT NULL DEFAULT 0 CHECK (setup_minor >= 0),
  recurring_minor  BIGINT NOT NULL DEFAULT 0 CHECK (recurring_minor >= 0),
  PRIMARY KEY (price_id, unit)
);

-- Tax by the day of supply. Swiss standard rate: 7.7 % since 2018, 8.1 % since 2024 (MWSTG Art. 25).
CREATE TABLE IF NOT EXISTS vat_rates (
  vat_class     VARCHAR(32) NOT NULL,
  valid_from    DATE NOT NULL,
  basis_points  SMALLINT NOT NULL COMMENT 'hundredths of a percent' CHECK (basis_points BETWEEN 0 AND 10000),
  PRIMARY KEY (vat_class, valid_from)
);

INSERT INTO vat_rates (vat_class, valid_from, basis_points)
VALUES ('standard', '2018-01-01', 770), ('standard', '2024-01-01', 810)
ON DUPLICATE KEY UPDATE basis_points = VALUES(basis_points);
