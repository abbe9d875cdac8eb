-- Erasing people: when it was done, and who asked for it where it has to wait for the end of what is under way.

alter table lahetti.orders
  -- Everything about people was erased then, here and in all that hangs on the order. Null again where somebody's goods
  -- had to be shipped after all.
  add column erased_at timestamptz,
  -- The request is kept with the order, so that nobody's e-mail address has to be kept for it.
  add column erasure_asked_at timestamptz,
  add column erasure_asked_by text;

create index orders_with_people on lahetti.orders (store_id, id) where erased_at is null;
create index orders_to_erase_on_request on lahetti.orders (id) where erasure_asked_at is not null;
-- Looked at since: the calls of that look are erased too.
create index orders_read_after_erasure on lahetti.orders (id) where read_at > erased_at;
create index commands_with_people on lahetti.commands (store_id, order_id) where people_body <> '{}';
-- Calls that are about no single order: the sweep's, the search for pickup points, logging in.
create index exchanges_of_no_order on lahetti.exchanges (store_hash, at)
  where order_id is null and (request is not null or response is not null);
