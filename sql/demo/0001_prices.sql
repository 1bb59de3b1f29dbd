-- The list prices of the demo, in rappen and with VAT. Safe to load again.
INSERT INTO product_prices (id, sku, currency, valid_from, includes_vat, setup_minor, recurring_minor) VALUES
  (1, 'membership', 'CHF', '2020-01-01', TRUE, 0, 500),
  (2, 'ipv6-only-vm', 'CHF', '2020-01-01', TRUE, 0, 0),
  (3, 'django-hosting', 'CHF', '2020-01-01', TRUE, 3500, 0),
  (4, 'ipv6-vpn', 'CHF', '2020-01-01', TRUE, 0, 500),
  (5, 'vm-snapshot', 'CHF', '2020-01-01', TRUE, 0, 0),
  (6, 'membership', 'EUR', '2020-01-01', TRUE, 0, 550),
  (7, 'ipv6-only-vm', 'EUR', '2020-01-01', TRUE, 0, 0),
  (8, 'django-hosting', 'EUR', '2020-01-01', TRUE, 3800, 0),
  (9, 'ipv6-vpn', 'EUR', '2020-01-01', TRUE, 0, 550),
  (10, 'vm-snapshot', 'EUR', '2020-01-01', TRUE, 0, 0)
ON DUPLICATE KEY UPDATE product_prices.id = product_prices.id;

INSERT INTO product_unit_prices (price_id, unit, setup_minor, recurring_minor) VALUES
  (2, 'core', 0, 500), (2, 'ram_half_gb', 0, 100), (2, 'ssd_gb', 0, 60),
  (3, 'core', 0, 500), (3, 'ram_half_gb', 0, 100), (3, 'ssd_gb', 0, 60),
  (5, 'gib', 0, 10),
  (7, 'core', 0, 550), (7, 'ram_half_gb', 0, 110), (7, 'ssd_gb', 0, 65),
  (8, 'core', 0, 550), (8, 'ram_half_gb', 0, 110), (8, 'ssd_gb', 0, 65),
  (10, 'gib', 0, 11)
ON DUPLICATE KEY UPDATE product_unit_prices.price_id = product_unit_prices.price_id;
