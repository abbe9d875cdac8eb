-- A token and a secret belong to the host that gave them. A process that is configured for another one (a demo beside the
-- real system, Posti's demo and then production) must not send them there.

-- Scheme, host and port of BigCommerce's API at which the store was connected. Null: it was connected before this was kept.
alter table lahetti.stores add column connected_at_host text;

-- The same of the carrier's log-in and gateway, with a space between.
alter table lahetti.carrier_accounts add column connected_at_hosts text;
