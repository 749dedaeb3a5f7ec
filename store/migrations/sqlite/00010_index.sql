-- Pages of the index of half the size, as those of the database are now, and up
-- to sixteen pieces before they are merged: each word is written anew less often.

-- +goose Up
insert into search (search, rank) values ('pgsz', 8000);
insert into search (search, rank) values ('automerge', 16);
