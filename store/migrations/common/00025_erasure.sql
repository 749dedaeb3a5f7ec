-- What was erased, and what may not be.

-- +goose Up

-- erased: the tombstone of a mail. Its row in message stays, with its place,
-- its times and its SHA-256; all that was read from it is gone.
create table erased (
	message text   primary key references message (id),
	cause   text   not null,
	reason  text   not null,
	login   text   not null,
	at_ms   bigint not null,
	salt    bytea  not null
);

-- erasing: what the guards let go, for the length of one transaction.
create table erasing (what text primary key);

-- remnant: since when the files of the database may still have bytes of
-- something erased in their free space.
create table remnant (since bigint not null);

create table hold (
	id          text   primary key,
	project     text   not null,
	thread      text   not null, -- '' for all of the project
	reason      text   not null,
	login       text   not null,
	set_at      bigint not null,
	lifted_by   text   not null default '',
	lifted_at   bigint not null default 0,
	salt        bytea  not null,
	lifted_salt bytea
);

-- erased_with: the mail with which the notice's bytes were erased.
alter table notice add column erased_with text not null default '';
