-- What the shop itself is written in, like `fi`: shoppers of whom nothing better is known are written to in it. Null until the
-- store is connected again.
alter table lahetti.stores add column language text;
