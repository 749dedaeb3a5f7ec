-- Time-stamps of checkpoints.

-- +goose Up

-- stamp: what an authority has said of a checkpoint, or why it has not.
create table stamp (
	log   text   not null,
	size  bigint not null, -- of the log in the checkpoint
	at_ms bigint not null, -- when it was asked for
	token bytea  not null, -- RFC 3161, empty if there is none
	words text   not null, -- why there is none
	primary key (log, size)
);
