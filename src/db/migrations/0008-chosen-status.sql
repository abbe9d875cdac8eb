-- The last status of an order that the shop does not set by itself, as it does Partially Shipped (3) and Partially
-- Refunded (14). Of orders that are in one of those two now, the status before is not known: those are booked by hand.
alter table lahetti.orders add column chosen_status_id int;
update lahetti.orders set chosen_status_id = status_id where status_id not in (3, 14);
