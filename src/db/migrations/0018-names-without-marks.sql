-- Orders are found by names however these are typed: with marks or without (Äijälä, Aijala; Королёв, Королев), composed or
-- not. Names were kept as they came, and the same name has several forms in Unicode: neither was found by the other.

-- The letters without the marks above, below and through them. What is left is composed, since only marks of Latin, Greek
-- and Cyrillic letters are taken away: those of other scripts are letters of their own (が is no か), and Korean syllables
-- come apart as well. A stroke is no mark to Unicode, and people leave it out all the same.
-- Needs a database in UTF8: normalize() knows no other.
create function lahetti.without_marks(given text) returns text
language sql immutable strict parallel safe as $$
  select translate(normalize(regexp_replace(normalize(given, NFD), '[\u0300-\u036f]', '', 'g'), NFC),
    'øØłŁđĐ', 'oOlLdD')
$$;

-- The words of all orders are made anew. That writes the table once, and whoever needs it waits meanwhile. Programs of
-- before go on working; until they are replaced, they do not find what is typed with marks.
drop index lahetti.orders_by_people;
drop index lahetti.shipments_by_changed_people;
alter table lahetti.orders drop column people_words;

create or replace function lahetti.people_words(given jsonb) returns tsvector
language sql immutable parallel safe as $$
  select to_tsvector('simple', lahetti.without_marks(coalesce(string_agg(found #>> '{}', ' '), '')))
    from jsonb_array_elements(
      jsonb_path_query_array(given, '$.**.firstName') || jsonb_path_query_array(given, '$.**.lastName')
        || jsonb_path_query_array(given, '$.**.company') || jsonb_path_query_array(given, '$.**.email')) as found
   where jsonb_typeof(found) = 'string'
$$;

alter table lahetti.orders add column people_words tsvector generated always as (lahetti.people_words(people_order)) stored;
create index orders_by_people on lahetti.orders using gin (people_words);
create index shipments_by_changed_people on lahetti.shipments using gin (lahetti.people_words(people_override))
  where people_override is not null;
