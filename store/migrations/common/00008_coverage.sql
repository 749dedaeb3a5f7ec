-- The account of a mailbox: where reading began, what is owed, what was signed.

-- +goose Up

alter table mailbox add column first_uid bigint not null default 0;
update mailbox set first_uid = coalesce(
	(select min(p.uid) from mail_position p where p.mailbox = mailbox.name and p.uidvalidity = mailbox.uidvalidity), last_uid + 1);

-- owed: mail on the server that could not be filed yet. A row goes when the
-- mail is filed or gone, and its salt with it.
create table owed (
	id           text   primary key,
	mailbox      text   not null,
	uidvalidity  bigint not null,
	uid          bigint not null,
	size         bigint not null,
	why          text   not null,
	words        text   not null,
	from_name    text   not null,
	from_address text   not null,
	subject      text   not null,
	since        bigint not null,
	salt         bytea  not null,
	unique (mailbox, uidvalidity, uid)
);

-- coverage: accounts as they were put into the log, as sets of UIDs (RFC 9051
-- section 9, sequence-set). What is in neither set has vanished.
create table coverage (
	id          text    primary key,
	mailbox     text    not null,
	uidvalidity bigint  not null,
	n           integer not null, -- their order
	first_uid   bigint  not null,
	last_uid    bigint  not null,
	filed       text    not null,
	tray        integer not null, -- how many of those filed
	owed        text    not null,
	signed_at   bigint  not null,
	salt        bytea   not null,
	unique (mailbox, uidvalidity, n)
);
