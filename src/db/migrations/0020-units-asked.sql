-- How often a shop said that something about it changed: an answer that was asked for before the last time is not today's.
alter table lahetti.stores add column units_asked int not null default 0;
