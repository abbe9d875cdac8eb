-- A shop that changes its unit of weight changes what every number on an order means. The units are read again once a day, and
-- at once where the shop says that something about it changed.

-- When the shop was last asked. Null: ask before the next order is read.
alter table lahetti.stores add column units_read_at timestamptz;
alter table lahetti.stores alter column units_read_at set default now();
