-- Mail is found by who wrote it, by its kind and by its attachments: what was
-- filed before is put on the list of what is to be indexed.

-- +goose Up
insert into search_repair (message, why) select id, 'has no words for filters' from message where length(body) > 0 and class <> 'own-copy'
	on conflict (message) do nothing;

-- All items, whatever their project, the latest first.
create index item_latest_of_all on item (said_at, number);
