-- How many requests may still be sent to a shop in its window (bigcommerce.md 6.1), by all processes together. Not logged: after
-- a crash the next answer of the shop says what is left.
create unlogged table lahetti.shop_budgets (
  store_hash text primary key,
  -- Null until an answer has said it.
  quota int,
  window_ends_at timestamptz not null,
  -- What has not been leased to any process.
  remaining int not null,
  -- Processes that leased in this window, and how many did in the last one.
  processes text[] not null,
  processes_before int not null
);
