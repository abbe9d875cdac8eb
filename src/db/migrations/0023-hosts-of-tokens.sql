-- A Posti account's token is also shown to the address of tracking and to the hosts of labels. They are kept as those of its
-- log-in and gateway are (0011-hosts.sql). Null: it was connected before this was kept.
alter table lahetti.carrier_accounts
  add column tracking_at_host text,
  -- Hosts, with their port where they need one, and a space between.
  add column label_hosts text;
