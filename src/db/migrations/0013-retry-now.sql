-- Orders whose steps wait in the engine for a time that has become pointless: their account works again, or a person
-- asked for it. The relay takes these rows and lets the engine try at once; without a row they go on minutes later.
create table lahetti.retry_now (
  store_id     bigint not null references lahetti.stores,
  order_id     bigint not null,
  -- A person asked: whatever the step waits for. Otherwise only steps that wait for an account.
  by_person    boolean not null default false,
  at           timestamptz not null default now(),
  leased_until timestamptz,
  primary key (store_id, order_id)
);
create trigger retry_now_told after insert on lahetti.retry_now for each statement execute function lahetti.tell_relay();
