-- The status in the shop when an order was last planned, the one that decided, and those that its storefront shipped then
-- (src/planning/plan.ts): so that whoever asks why an order waits is told what would have to change. Of orders that were planned
-- before, nothing is known until they are looked at again.

alter table lahetti.orders add column shop_status jsonb;
