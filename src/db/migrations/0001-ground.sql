-- The whole of what must survive: what was decided and done. What comes next (timers, retries) is the engine's.
-- Personal data lives only in columns named people_… or recipient, in labels, and in redacted exchanges, so that erasing it is a list of columns.

create schema if not exists lahetti;

-- Stores and what they chose ---------------------------------------------------------------------------------------

create table lahetti.carrier_accounts (
  id             bigint generated always as identity primary key,
  carrier        text not null default 'posti',
  client_id      text not null,
  -- Secrets are AES-256-GCM, with the id of the key beside the value.
  client_secret  bytea not null,
  gateway_secret bytea,
  key_id         text not null,
  created_at     timestamptz not null default now(),
  unique (carrier, client_id)
);

create table lahetti.stores (
  -- The store number: base 36 of it starts every reference that Posti sees.
  id                 bigint generated always as identity primary key,
  store_hash         text not null unique check (store_hash ~ '^[a-z0-9]+$'),
  name               text not null,
  state              text not null default 'connected' check (state in ('connected', 'paused', 'disconnected')),
  client_id          text not null,
  access_token       bytea not null,
  -- Key of the Standard Webhooks signature: the app's client secret. Null where the store has none.
  client_secret      bytea,
  -- JSON array of the secrets that a hook's own header may carry; several while they are rotated.
  webhook_secrets    bytea not null,
  key_id             text not null,
  carrier_account_id bigint references lahetti.carrier_accounts (id),
  weight_units       text not null default 'Grams',
  connected_at       timestamptz not null default now()
);

create table lahetti.store_settings (
  store_id bigint not null references lahetti.stores (id),
  version  int not null,
  settings jsonb not null,
  who      text not null,
  at       timestamptz not null default now(),
  primary key (store_id, version)
);

-- One row per system and account: a system's trouble is never a thousand orders' trouble.
create table lahetti.system_health (
  system       text not null,
  account      text not null,
  state        text not null default 'open' check (state in ('open', 'paused', 'closed')),
  paused_until timestamptz,
  reason       text,
  since        timestamptz not null default now(),
  failures     int not null default 0,
  primary key (system, account)
);

-- The way in -------------------------------------------------------------------------------------------------------

create table lahetti.inbox (
  id            bigint generated always as identity primary key,
  store_id      bigint not null references lahetti.stores (id),
  order_id      bigint not null,
  source        text not null check (source in ('webhook', 'sweep', 'watchman', 'api', 'cli', 'carrier')),
  -- What makes a delivery the same delivery: the webhook-id, or an id of our own.
  delivery_key  text not null,
  scope         text,
  received_at   timestamptz not null default now(),
  leased_until  timestamptz,
  dispatched_at timestamptz,
  tries         int not null default 0,
  unique (store_id, delivery_key)
);
create index inbox_waiting on lahetti.inbox (store_id, order_id) where dispatched_at is null;
create index inbox_by_age on lahetti.inbox (received_at) where dispatched_at is null;

create table lahetti.commands (
  -- Also the id of the workflow update, so that the engine runs it once.
  id            uuid primary key,
  store_id      bigint not null references lahetti.stores (id),
  order_id      bigint not null,
  n             int,
  kind          text not null,
  -- What was asked for: may hold an address, and never travels.
  people_body   jsonb not null default '{}',
  who           text not null,
  source        text not null,
  at            timestamptz not null default now(),
  leased_until  timestamptz,
  outcome       text check (outcome in ('done', 'refused')),
  reason        text,
  -- The body was carried out in the database; the update may still be under way.
  applied_at    timestamptz,
  closed_at     timestamptz
);
create index commands_open on lahetti.commands (at) where closed_at is null;
create index commands_by_order on lahetti.commands (store_id, order_id, at);

-- Orders -----------------------------------------------------------------------------------------------------------

create table lahetti.orders (
  id               bigint generated always as identity primary key,
  store_id         bigint not null references lahetti.stores (id),
  order_id         bigint not null,
  status_id        int not null,
  channel_id       int not null,
  currency         text not null,
  total_minor      bigint not null,
  units_total      int not null,
  archived         boolean not null default false,
  created_at       timestamptz not null,
  modified_at      timestamptz not null,
  -- Digest of what was read, so that a sweep can compare content and not dates.
  digest           text not null,
  read_at          timestamptz not null default now(),
  -- Billing, shipping addresses, messages.
  people_order     jsonb not null,
  -- The status allowed shipping once: what our own writing makes of the status does not take it back.
  triggered_at     timestamptz,
  -- A person said "book" although the status does not.
  booked_by_hand   boolean not null default false,
  on_hold          boolean not null default false,
  -- A person cancelled the whole order here: nothing more of it is planned until somebody says "book".
  kept_back        boolean not null default false,
  phase            text not null,
  since            timestamptz not null default now(),
  attention        jsonb,
  unshipped        jsonb not null default '{}',
  unique (store_id, order_id)
);
create index orders_by_phase on lahetti.orders (phase, since);

create table lahetti.order_lines (
  order_pk         bigint not null references lahetti.orders (id) on delete cascade,
  line_id          bigint not null,
  address_id       bigint,
  sku              text not null,
  name             text not null,
  kind             text not null,
  quantity         int not null,
  quantity_shipped int not null,
  quantity_refunded int not null,
  weight_grams     int,
  unit_price_minor bigint not null,
  primary key (order_pk, line_id)
);

create table lahetti.shipments (
  id                bigint generated always as identity primary key,
  order_pk          bigint not null references lahetti.orders (id) on delete cascade,
  n                 int not null,
  address_id        bigint not null,
  phase             text not null default 'planned' check (phase in ('planned', 'booked', 'delivered', 'returned', 'cancelled')),
  since             timestamptz not null default now(),
  revision          int not null default 1,
  blocked           text,
  attention         jsonb,
  -- The words of the attention; they may quote a person, so that they are kept apart from what travels.
  people_problem    jsonb,
  -- What a person changed against what the shop says: address, pickup point, service, parcels.
  people_override   jsonb,
  -- Names the facts behind the attention, where they are some that a person can accept.
  concern           text,
  -- Facts that a person has seen and accepted: nobody raises them again.
  accepted          text[] not null default '{}',
  cancelling        boolean not null default false,
  -- A person cancelled it: its units are not planned again until somebody says "book".
  kept_back         boolean not null default false,
  look_again        boolean not null default false,
  told              text not null default 'not_yet' check (told in ('not_yet', 'waits_for_print', 'waits_for_first_scan', 'told', 'refused', 'withdrawn')),
  delivery_status   text not null default 'unknown',
  last_scan_at      timestamptz,
  booked_at         timestamptz,
  transition        int not null default 1,
  unique (order_pk, n)
);
create index shipments_open on lahetti.shipments (order_pk) where phase in ('planned', 'booked');

-- What was planned, each time it was planned anew. Booking books exactly the revision that its attempt names.
create table lahetti.plan_revisions (
  shipment_id bigint not null references lahetti.shipments (id) on delete cascade,
  revision    int not null,
  digest      text not null,
  -- Digest of what the shop said, without our settings: tells whether a booked label still matches its order.
  source_digest text not null,
  -- Lines; and where it can be booked: service, add-ons, parcels, pickup point, contract number, sender, label size.
  content     jsonb not null,
  recipient   jsonb,
  made_by     text not null,
  at          timestamptz not null default now(),
  primary key (shipment_id, revision)
);

create table lahetti.booking_attempts (
  id                  bigint generated always as identity primary key,
  shipment_id         bigint not null references lahetti.shipments (id) on delete cascade,
  attempt             int not null,
  revision            int not null,
  reference           text not null unique,
  request_hash        text not null,
  -- Whoever sent it; an answer is written down only by its owner.
  owner               uuid not null,
  state               text not null check (state in ('sent', 'live', 'refused', 'failed', 'unknown', 'superseded', 'withdrawn')),
  sent_at             timestamptz not null default now(),
  -- Earliest time at which another may call the outcome unknown.
  take_over_at        timestamptz not null,
  closed_at           timestamptz,
  code                text,
  carrier_shipment_id text,
  -- Posti is asked for this reference until then; a hit or a scan on it needs attention.
  watch               text check (watch in ('possible_orphan', 'confirmed_orphan', 'cleared', 'superseded')),
  watch_until         timestamptz,
  watched_numbers     text[] not null default '{}',
  unique (shipment_id, attempt)
);
create unique index one_live_attempt_per_shipment on lahetti.booking_attempts (shipment_id) where state = 'live';
create unique index one_attempt_out_per_shipment on lahetti.booking_attempts (shipment_id) where state = 'sent';
create index attempts_watched on lahetti.booking_attempts (watch_until) where watch in ('possible_orphan', 'confirmed_orphan', 'superseded');

create table lahetti.parcels (
  id              bigint generated always as identity primary key,
  shipment_id     bigint not null references lahetti.shipments (id) on delete cascade,
  attempt_id      bigint not null references lahetti.booking_attempts (id),
  position        int not null,
  tracking_number text not null unique,
  weight_grams    int not null,
  measured_weight_grams int,
  delivery_status text not null default 'unknown',
  unique (attempt_id, position)
);
create index parcels_by_shipment on lahetti.parcels (shipment_id);

create table lahetti.labels (
  id              bigint generated always as identity primary key,
  shipment_id     bigint not null references lahetti.shipments (id) on delete cascade,
  attempt_id      bigint not null references lahetti.booking_attempts (id),
  kind            text not null,
  media           text not null,
  pdf             bytea,
  sha256          text,
  link            text,
  link_expires_at timestamptz,
  handed_out_at   timestamptz,
  printed_at      timestamptz,
  created_at      timestamptz not null default now(),
  unique (attempt_id, kind)
);
create index labels_by_shipment on lahetti.labels (shipment_id);

create table lahetti.write_backs (
  id               bigint generated always as identity primary key,
  shipment_id      bigint not null references lahetti.shipments (id) on delete cascade,
  kind             text not null check (kind in ('shipment', 'status')),
  -- 0 for the whole shipment, else the position of the parcel that has a record of its own.
  parcel           int not null default 0,
  state            text not null check (state in ('sent', 'done', 'unknown', 'withdrawn')),
  record_id        bigint,
  tracking_number  text,
  previous_status  int,
  at               timestamptz not null default now(),
  unique (shipment_id, kind, parcel)
);

create table lahetti.tracking_events (
  id        bigint generated always as identity primary key,
  parcel_id bigint not null references lahetti.parcels (id) on delete cascade,
  event_key text not null,
  code      text not null,
  status    text,
  at        timestamptz not null,
  place     text,
  texts     jsonb not null default '{}',
  seen_at   timestamptz not null default now(),
  unique (parcel_id, event_key)
);

-- What is known afterwards -----------------------------------------------------------------------------------------

create table lahetti.exchanges (
  id          bigint generated always as identity primary key,
  at          timestamptz not null,
  system      text not null,
  account     text not null,
  store_hash  text,
  order_id    bigint,
  shipment_n  int,
  purpose     text not null,
  method      text not null,
  path        text not null,
  status      int,
  duration_ms int not null,
  error_code  text,
  request_id  text,
  request     jsonb,
  response    jsonb
);
create index exchanges_by_order on lahetti.exchanges (store_hash, order_id, at);
create index exchanges_by_time on lahetti.exchanges (at);

create table lahetti.runs (
  id         bigint generated always as identity primary key,
  store_id   bigint references lahetti.stores (id),
  kind       text not null,
  started_at timestamptz not null default now(),
  ended_at   timestamptz,
  counts     jsonb not null default '{}',
  -- Greatest date_modified seen; saved only after what it covers was committed.
  watermark  timestamptz,
  failure    text
);
create index runs_by_kind on lahetti.runs (kind, store_id, started_at desc);

create table lahetti.timeline (
  id         bigint generated always as identity primary key,
  order_pk   bigint not null references lahetti.orders (id) on delete cascade,
  shipment_n int,
  at         timestamptz not null default now(),
  -- Stable name of what happened, and a sentence for people without people in it.
  what       text not null,
  words      text not null,
  who        text not null default 'lahetti'
);
create index timeline_by_order on lahetti.timeline (order_pk, id);

create table lahetti.api_tokens (
  id         bigint generated always as identity primary key,
  name       text not null unique,
  role       text not null check (role in ('viewer', 'operator', 'admin')),
  hash       bytea not null unique,
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);

create table lahetti.audit (
  id            bigint generated always as identity primary key,
  at            timestamptz not null default now(),
  who           text not null,
  what          text not null,
  subject       text not null,
  people_before jsonb,
  people_after  jsonb
);
create index audit_by_subject on lahetti.audit (subject, at);

-- Wakes the relay at once; polling finds what a notification missed.
create function lahetti.tell_relay() returns trigger language plpgsql as $$
begin
  perform pg_notify('lahetti_inbox', tg_table_name);
  return null;
end $$;
create trigger inbox_told after insert on lahetti.inbox for each statement execute function lahetti.tell_relay();
create trigger commands_told after insert on lahetti.commands for each statement execute function lahetti.tell_relay();
