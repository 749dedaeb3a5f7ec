-- What waits for an answer is counted, and found in the order of need, on each look
-- at the overview. All that is asked for stands in the index itself.

-- +goose Up
create index item_open on item (project, kind, urgent, due, said_at, number) where state = 'open';

-- What a client said about a report.
create index item_report on item (report) where report <> '';
