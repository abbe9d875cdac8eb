-- A scan whose time cannot be read for certain is kept with the carrier's own text of it, and gets no instant that was guessed.
alter table lahetti.tracking_events
  alter column at drop not null,
  add column at_raw text;
