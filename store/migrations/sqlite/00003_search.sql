-- The index of words. The program splits text into words for both databases;
-- here they come as ASCII letters, digits and whole characters beyond ASCII
-- with a blank between, so the plainest tokenizer is the right one: unicode61
-- would split again after its own, older tables. ':' is of words that no text
-- contains: the project, and the wall between two fields.
-- The rowid is the message's ord, so that the index itself yields the latest first.

-- +goose Up
create virtual table search using fts5(words, content='', contentless_delete=1, tokenize="ascii tokenchars ':'");

-- Pages of the index fill those of the database, and up to eight pieces are
-- kept before they are merged: an eighth less work for the writer.
insert into search (search, rank) values ('pgsz', 16000);
insert into search (search, rank) values ('automerge', 8);
