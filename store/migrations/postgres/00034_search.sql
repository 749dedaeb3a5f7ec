-- Mail is found by when it came (store/searchtime.go), and a phrase by which words
-- stand side by side (store/searchpairs.go). The words of time are added here,
-- since without them mail would not be found; the pairs are made by the repair.

-- +goose Up
drop index search_words;
drop index search_long;
alter table search alter column words set storage external; -- it does not get smaller
alter table search add column pairs bytea not null default '';
alter table search alter column pairs set storage main; -- beside the place in time, and as it is
update search set words = words
	|| (select string_agg('''time:' || level || ':' || (ord >> (37 + 3 * level)) || '''', ' ') from generate_series(0, 5) level)::tsvector
	|| case when parts > 1 then '''part:many''' else '' end::tsvector;

-- What was just filed waits in a list that every search reads whole: it is kept short.
create index search_words on search using gin (words) with (gin_pending_list_limit = 1024);

insert into search_repair (message, why) select id, 'has no pairs for phrases' from message where length(body) > 0 and class <> 'own-copy'
	on conflict (message) do nothing;
