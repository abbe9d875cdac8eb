-- What is odd about a label's file, by stable names (src/labels/label-check.ts). A label that the carrier sent is live, and is
-- kept whatever is odd about it. Of those that were kept before, nothing is known.

alter table lahetti.labels add column doubts text[] not null default '{}';
