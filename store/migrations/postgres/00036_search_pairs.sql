-- The pairs lie in the row, and in less space: a phrase is looked for in hundreds of
-- rows, and to fetch what lies beside a row took longer than all else. The repair
-- makes them; until then a row leaves out no phrase.

-- +goose Up
alter table search drop column pairs;
alter table search add column pairs bytea not null default '';
alter table search alter column pairs set storage plain;

insert into search_repair (message, why) select id, 'has no pairs for phrases' from message where length(body) > 0 and class <> 'own-copy'
	on conflict (message) do nothing;
