-- Since when the failed looks at an order are the order's own trouble. `failing_since` also counts outages of the shop, which
-- are no reason to have a person look at one order. Null: the last failure was everybody's, or it is not known yet.
alter table lahetti.unread_orders add column own_since timestamptz;
update lahetti.unread_orders set own_since = failing_since where attention is not null;
