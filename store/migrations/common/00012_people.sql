-- Who may come in: what the configuration does not say about people.

-- +goose Up

-- account: a person without a row has no password, and is not shut out.
create table account (
	login       text   primary key, -- in lower case
	password    text   not null,    -- argon2id with its parameters; '' for none
	disabled_at bigint not null,
	changed_at  bigint not null
);

-- session: token is the SHA-256 of what the browser has.
create table session (
	token    text   primary key,
	login    text   not null,
	how      text   not null,
	began_at bigint not null,
	seen_at  bigint not null
);
create index session_login on session (login);

-- sign_in_link: token and browser are SHA-256, of what the mail has and of what
-- the browser has that asked for it.
create table sign_in_link (
	token   text   primary key,
	browser text   not null,
	login   text   not null,
	ends_at bigint not null
);
create index sign_in_link_login on sign_in_link (login);

-- access: who came to the door, and what became of it. The access log commits
-- to each row.
create table access (
	id      text   primary key,
	at_ms   bigint not null,
	type    text   not null,
	login   text   not null, -- '' where nobody has the one that was given
	how     text   not null,
	address text   not null, -- the network address that it came from, '' for the command line
	detail  text   not null,
	salt    bytea  not null
);
create index access_latest on access (at_ms);
create index access_login on access (login, at_ms);
