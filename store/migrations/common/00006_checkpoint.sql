-- What was signed about the log.

-- +goose Up

-- checkpoint: signed notes, written after the transactions that they are about.
create table checkpoint (
	log    text   not null,
	size   bigint not null, -- how many lines the log had
	signed text   not null, -- C2SP tlog-checkpoint
	primary key (log, size)
);
