-- What operators work with: who did what, what changed for whoever looks on, and what is told to the outside.

create index audit_by_who on lahetti.audit (who, id);
create index exchanges_by_store on lahetti.exchanges (store_hash, id);
create index exchanges_failed on lahetti.exchanges (id) where error_code is not null;
create index shipments_with_attention on lahetti.shipments (id) where attention is not null;

-- Planning asks for it; without it a kept order could not be planned by other settings.
alter table lahetti.order_lines add column merchant_pickup boolean not null default false;

-- Audit ------------------------------------------------------------------------------------------------------------
-- A trigger where whoever writes the row may forget it. What was asked for (it may hold an address) stays in the
-- command's own people_ column: the audit has ids and enums only.

create function lahetti.audit_command() returns trigger language plpgsql as $$
begin
  insert into lahetti.audit (who, what, subject, people_after)
  select new.who, 'command_' || new.kind, 'order/' || st.store_hash || '/' || new.order_id,
         jsonb_strip_nulls(jsonb_build_object('command', new.id, 'shipment', new.n, 'source', new.source))
    from lahetti.stores st where st.id = new.store_id;
  return null;
end $$;
create trigger command_audited after insert on lahetti.commands for each row execute function lahetti.audit_command();

create function lahetti.audit_hand_out() returns trigger language plpgsql as $$
begin
  insert into lahetti.audit (who, what, subject, people_after)
  select new.who, new.what, 'order/' || st.store_hash || '/' || o.order_id,
         jsonb_strip_nulls(jsonb_build_object('shipment', new.shipment_n))
    from lahetti.orders o join lahetti.stores st on st.id = o.store_id where o.id = new.order_pk;
  return null;
end $$;
create trigger hand_out_audited after insert on lahetti.timeline for each row
  when (new.what = 'label_handed_out') execute function lahetti.audit_hand_out();

-- Changes, for those who look on -------------------------------------------------------------------------------------
-- Written by triggers, so that no way of changing an order can forget to say so. Ids and enums only.

create table lahetti.changes (
  id         bigint generated always as identity primary key,
  -- Given after the commit, by whoever reads, one of them at a time: so numbers become visible in their own order, and
  -- "all after number 17" leaves nothing out. Ids are drawn before the commit, and may become visible in any order.
  seq        bigint unique,
  at         timestamptz not null default now(),
  kind       text not null,
  store_hash text,
  data       jsonb not null
);
create sequence lahetti.change_numbers owned by lahetti.changes.seq;
create index changes_without_number on lahetti.changes (id) where seq is null;
create index changes_by_age on lahetti.changes (at);

create function lahetti.note_order() returns trigger language plpgsql as $$
begin
  insert into lahetti.changes (kind, store_hash, data)
  select 'order', st.store_hash, jsonb_build_object('orderId', new.order_id, 'phase', new.phase)
    from lahetti.stores st where st.id = new.store_id;
  return null;
end $$;
create trigger order_noted_first after insert on lahetti.orders for each row execute function lahetti.note_order();
create trigger order_noted after update on lahetti.orders for each row
  when (old.phase is distinct from new.phase or old.on_hold is distinct from new.on_hold)
  execute function lahetti.note_order();

create function lahetti.note_shipment() returns trigger language plpgsql as $$
begin
  insert into lahetti.changes (kind, store_hash, data)
  select 'shipment', st.store_hash,
         jsonb_build_object('orderId', o.order_id, 'n', new.n, 'phase', new.phase, 'blocked', new.blocked,
           'attention', new.attention->>'code', 'cancelling', new.cancelling, 'told', new.told,
           'deliveryStatus', new.delivery_status)
    from lahetti.orders o join lahetti.stores st on st.id = o.store_id where o.id = new.order_pk;
  return null;
end $$;
create trigger shipment_noted_first after insert on lahetti.shipments for each row
  execute function lahetti.note_shipment();
create trigger shipment_noted after update on lahetti.shipments for each row
  when ((old.phase, old.blocked, old.attention->>'code', old.cancelling, old.told, old.delivery_status)
        is distinct from
        (new.phase, new.blocked, new.attention->>'code', new.cancelling, new.told, new.delivery_status))
  execute function lahetti.note_shipment();

create function lahetti.note_system() returns trigger language plpgsql as $$
begin
  insert into lahetti.changes (kind, store_hash, data)
  values ('system', case when new.system = 'bigcommerce' then new.account end,
          jsonb_build_object('system', new.system, 'account', new.account, 'state', new.state, 'reason', new.reason));
  return null;
end $$;
create trigger system_noted_first after insert on lahetti.system_health for each row
  when (new.state <> 'open') execute function lahetti.note_system();
create trigger system_noted after update on lahetti.system_health for each row
  when (old.state is distinct from new.state) execute function lahetti.note_system();

create function lahetti.note_store() returns trigger language plpgsql as $$
begin
  insert into lahetti.changes (kind, store_hash, data)
  values ('store', new.store_hash, jsonb_build_object('state', new.state));
  return null;
end $$;
create trigger store_noted_first after insert on lahetti.stores for each row execute function lahetti.note_store();
create trigger store_noted after update on lahetti.stores for each row
  when (old.state is distinct from new.state) execute function lahetti.note_store();

create function lahetti.note_settings() returns trigger language plpgsql as $$
begin
  insert into lahetti.changes (kind, store_hash, data)
  select 'settings', st.store_hash, jsonb_build_object('version', new.version)
    from lahetti.stores st where st.id = new.store_id;
  return null;
end $$;
create trigger settings_noted after insert on lahetti.store_settings for each row
  execute function lahetti.note_settings();

-- Notices ----------------------------------------------------------------------------------------------------------

-- What was said last of each thing that is worth a notice, so that each trouble is said once, and its end too.
create table lahetti.notice_subjects (
  subject text primary key,
  state   text not null,
  at      timestamptz not null default now()
);

create table lahetti.notices (
  id           bigint generated always as identity primary key,
  -- What the receiver knows a repetition by.
  message_id   uuid not null unique default gen_random_uuid(),
  at           timestamptz not null default now(),
  kind         text not null,
  body         jsonb not null,
  tries        int not null default 0,
  -- Null where nobody is to be told (any more).
  next_try_at  timestamptz,
  delivered_at timestamptz,
  failure      text
);
create index notices_waiting on lahetti.notices (next_try_at) where next_try_at is not null;
