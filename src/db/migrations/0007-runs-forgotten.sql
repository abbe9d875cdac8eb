-- A sweep of each store every five minutes is a hundred thousand runs a year, and each run begins with two questions.

-- Which of its kind a process that died has left open.
create index runs_open on lahetti.runs (kind, store_id) where ended_at is null;

-- How far its kind has come.
create index runs_by_watermark on lahetti.runs (kind, store_id, watermark) where watermark is not null;
