-- The index of words. The program makes the vectors: to_tsvector would split
-- ISSUE-12, keep URLs whole and drop Chinese. A long mail has several parts,
-- since a vector is limited in size and in positions; they are marked as such.

-- +goose Up
create table search (
	ord   bigint   not null,
	part  integer  not null,
	parts integer  not null,
	words tsvector not null,
	primary key (ord, part)
);
create index search_words on search using gin (words);
create index search_long on search (ord) where parts > 1;
