-- Orders that we heard of and have not read: from their first hint, until they were read or the shop said that it has none
-- such. Without these rows an order that cannot be read is nowhere: its row in `orders` begins with its first reading.

create table lahetti.unread_orders (
  id            bigint generated always as identity primary key,
  store_id      bigint not null references lahetti.stores (id),
  order_id      bigint not null,
  -- The first hint, or the first look that failed of an order that was read before.
  since         timestamptz not null default now(),
  failing_since timestamptz,
  tries         int not null default 0,
  tried_at      timestamptz,
  next_try_at   timestamptz,
  -- Of the last look, in our own words: nothing about a person.
  failure_code  text,
  failure       text,
  -- Once a person has to look at it.
  attention     jsonb,
  unique (store_id, order_id)
);
create index unread_orders_due on lahetti.unread_orders (next_try_at) where attention is not null;
