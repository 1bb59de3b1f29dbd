-- A member is a directory account that has signed in once. Rows are never deleted: documents refer to them.
CREATE TABLE IF NOT EXISTS members (
  id            BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  uuid          UUID NOT NULL UNIQUE,
  uid           VARCHAR(64) NOT NULL UNIQUE COMMENT 'canonical spelling of the directory',
  name          VARCHAR(255) NOT NULL,
  email         VARCHAR(255) NOT NULL,
  company       VARCHAR(100) NOT NULL DEFAULT '',
  address_name  VARCHAR(100) NOT NULL DEFAULT '',
  street        VARCHAR(100) NOT NULL DEFAULT '',
  house_number  VARCHAR(20) NOT NULL DEFAULT '',
  postal_code   VARCHAR(20) NOT NULL DEFAULT '',
  city          VARCHAR(100) NOT NULL DEFAULT '',
  country       CHAR(2) NOT NULL DEFAULT 'CH' COMMENT 'ISO 3166-1 alpha-2',
  language      CHAR(2) NOT NULL DEFAULT 'en',
  currency      CHAR(3) NOT NULL DEFAULT 'CHF',
  vat_id        VARCHAR(20) NOT NULL DEFAULT '',
  joined_at     DATETIME(6) NOT NULL,
  version       BIGINT NOT NULL DEFAULT 1
);
