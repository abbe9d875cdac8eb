-- Posti's services have limits of size: how large a unit is, and what the shop measures in.

-- Null until the store is connected again: then sizes are not checked.
alter table lahetti.stores add column dimension_units text;

-- Of one unit, in millimetres, as the shop has width, height and depth; null where it has none.
alter table lahetti.order_lines add column size_millimetres int[];
