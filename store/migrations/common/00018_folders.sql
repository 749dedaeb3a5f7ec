-- The archive as folders of an IMAP server.

-- +goose Up

-- folder: a project, as mail programs see it. Its uidvalidity changes with the
-- history of the database.
create table folder (
	project     text    primary key,
	uidvalidity bigint  not null,
	uid         bigint  not null -- the last one that was given out
);

-- folder_mail gives each mail of a folder its UID, for good: a mail that was
-- filed elsewhere is gone, and gets another UID if it comes back.
create table folder_mail (
	project text    not null,
	uid     bigint  not null,
	message text    not null references message (id),
	gone    boolean not null,
	primary key (project, uid)
);
create index message_project on message (project, filed_at, ord);
create unique index folder_mail_message on folder_mail (project, message) where not gone;
