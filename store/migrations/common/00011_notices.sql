-- Mail that is sent by itself.

-- +goose Up

-- notice: its exact bytes, compressed with zstd, are fixed when it is made.
create table notice (
	id         text   primary key,
	key        text   not null unique, -- the same notice is made once
	kind       text   not null,
	project    text   not null,
	thread     text   not null,
	answers    text   not null, -- the message that it replies to
	name       text   not null,
	address    text   not null,
	peer       text   not null, -- the address as brakes count it
	subject    text   not null,
	message_id text   not null,
	sha        text   not null,
	raw        bytea  not null,
	brake      text   not null, -- what held it back, '' if nothing did
	made_at    bigint not null,
	salt       bytea  not null
);
create index notice_peer on notice (peer, made_at);
create index notice_thread on notice (thread, made_at) where thread <> '';
create index notice_made on notice (made_at);
create index notice_by_message_id on notice (message_id);

-- notice_delivery is where each stands on its way, as in delivery.
create table notice_delivery (
	notice     text    primary key references notice (id),
	state      text    not null,
	attempts   integer not null,
	next_at    bigint  not null,
	words      text    not null,
	changed_at bigint  not null,
	fence      bigint  not null,
	owner      text    not null,
	until      bigint  not null
);
create index notice_due on notice_delivery (state, next_at);

-- notice_event keeps every step of it.
create table notice_event (
	notice text    not null references notice (id),
	n      integer not null,
	at_ms  bigint  not null,
	state  text    not null,
	words  text    not null,
	salt   bytea   not null,
	primary key (notice, n)
);
