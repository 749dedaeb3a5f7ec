-- Mails in pieces are looked through when one of them is erased: a piece goes
-- only if no other mail has it.

-- +goose Up
create index raw_large on raw (size) where size > 1048576;
