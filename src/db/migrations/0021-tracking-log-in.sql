-- Tracking has a service account of its own where Posti gave the merchant one (posti.md 3.3). It belongs to the Posti
-- account, as the data that it may read is that merchant's alone. Where there is none, tracking is asked with the account's.
alter table lahetti.carrier_accounts
  add column tracking_client_id text,
  add column tracking_client_secret bytea,
  -- As connected_at_hosts, for the address that this secret goes to.
  add column tracking_connected_at_host text,
  add constraint tracking_log_in_is_whole
    check (num_nonnulls(tracking_client_id, tracking_client_secret, tracking_connected_at_host) in (0, 3));
