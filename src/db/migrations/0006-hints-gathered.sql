-- Hints come in by the hundred per second, and several of one order within moments.

-- A transaction that notifies takes a lock of the whole database until its commit is on disk, so that commits of others
-- that notify could not share one flush. Whoever keeps a shop's delivery notifies afterwards, once for many
-- (src/inbox/wake-relay.ts). What the house itself inserts is rare, and is told of as before.
drop trigger inbox_told on lahetti.inbox;
create trigger inbox_told after insert on lahetti.inbox for each row
  when (new.source <> 'webhook') execute function lahetti.tell_relay();

-- For this key each delivery locked its store's row, the same for all. Stores are never deleted, and whoever keeps a hint
-- has just read its store.
alter table lahetti.inbox drop constraint inbox_store_id_fkey;

-- Tells whether an order was handed over before: then its hints are gathered for a while.
create index inbox_handed_over on lahetti.inbox (store_id, order_id) where dispatched_at is not null;
