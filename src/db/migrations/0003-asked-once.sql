-- The API: requests that are asked once however often they are sent, and orders found by who they go to.

create table lahetti.idempotency_keys (
  -- A key means something to its holder alone.
  token_id     bigint not null references lahetti.api_tokens (id),
  key          text not null,
  -- Of path and body: the same key with another request is a mistake of the sender's.
  request_hash text not null,
  -- What the request came to, in its order; null where there was no such order.
  command_ids  uuid[] not null,
  at           timestamptz not null default now(),
  primary key (token_id, key)
);
create index idempotency_keys_by_age on lahetti.idempotency_keys (at);

-- The words by which people are looked for: names, companies and e-mail addresses, wherever in `given` they are.
create function lahetti.people_words(given jsonb) returns tsvector
language sql immutable parallel safe as $$
  select jsonb_to_tsvector('simple',
    jsonb_path_query_array(given, '$.**.firstName') || jsonb_path_query_array(given, '$.**.lastName')
      || jsonb_path_query_array(given, '$.**.company') || jsonb_path_query_array(given, '$.**.email'),
    '["string"]')
$$;

-- Generated, so that erasing people_order erases it too.
alter table lahetti.orders add column people_words tsvector generated always as (lahetti.people_words(people_order)) stored;
create index orders_by_people on lahetti.orders using gin (people_words);
create index shipments_by_changed_people on lahetti.shipments using gin (lahetti.people_words(people_override))
  where people_override is not null;

create index orders_by_placing on lahetti.orders (created_at);
