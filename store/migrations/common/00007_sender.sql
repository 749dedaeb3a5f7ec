-- Mail of one sender is asked for when the next comes: what a person always
-- ends with is a signature.

-- +goose Up
create index message_sender on message (from_address, ord);
