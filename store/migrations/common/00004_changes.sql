-- What managers decided about mail that was filed otherwise.

-- +goose Up

-- dismissed mail is in no project and not in the tray either.
alter table message add column dismissed integer not null default 0;

-- change: before is what each message was, as JSON, for undoing.
create table change (
	id        text    primary key,
	n         integer not null unique, -- their order
	kind      text    not null,
	project   text    not null,
	name      text    not null,
	address   text    not null,
	thread    text    not null,
	messages  text    not null, -- JSON
	before    text    not null, -- JSON
	login     text    not null,
	made_at   bigint  not null,
	undone_by text    not null default '',
	undone_at bigint  not null default 0,
	salt      bytea   not null
);

-- apart: two threads that a manager has separated. Mail that refers to both
-- goes to the one that it refers to last, and does not join them again.
create table apart (
	project text not null,
	one     text not null,
	other   text not null,
	primary key (project, one, other)
);
