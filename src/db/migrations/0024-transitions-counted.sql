-- The version of a shipment (`transition`) grows with each change of a column that its order's workflow is told of, whatever
-- statement makes it: by it a late projection is told from a newer one (src/domain/newest-state.ts). The columns are those that
-- `orderState` (src/orders/state.sql.ts) reads, and the revision, by which a plan becomes bookable. What stays here alone
-- does not count: the words of a problem, what a person accepted or changed, the time of a scan.
-- It counts from the old row, so that statements of the version before, which count by hand, count once too.
create function lahetti.count_transition() returns trigger language plpgsql as $$
begin
  new.transition := old.transition + 1;
  return new;
end $$;

create trigger transition_counted before update on lahetti.shipments for each row
  when ((old.phase, old.since, old.revision, old.blocked, old.attention, old.cancelling, old.look_again, old.kept_back,
         old.told, old.delivery_status)
    is distinct from (new.phase, new.since, new.revision, new.blocked, new.attention, new.cancelling, new.look_again,
         new.kept_back, new.told, new.delivery_status))
  execute function lahetti.count_transition();
