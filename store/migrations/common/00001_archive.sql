-- The nouns of the archive, in one text for both databases.
--
-- Times are milliseconds since 1970 in UTC, 0 for none. Lists and rarely asked
-- fields are JSON as text. Ids are made by the program, never by the database.

-- +goose Up

-- raw holds the exact bytes of every mail, once, compressed with zstd.
create table raw (
	sha  text   primary key, -- hex SHA-256 of the bytes
	size bigint not null,
	body bytea  not null
);

-- counter gives out the numbers of a project; its row is also the lock under
-- which the project's threads are joined.
create table counter (
	project text    primary key,
	items   integer not null,
	reports integer not null
);

-- thread: ord is a message's place in time, see message. A thread that was
-- found to be part of another stays as a signpost to it.
create table thread (
	id         text    primary key,
	project    text    not null,
	subject    text    not null,
	first_ord  bigint  not null,
	last_ord   bigint  not null,
	messages   integer not null,
	open_items integer not null,
	people     text    not null, -- JSON
	merged_to  text    not null default ''
);
create index thread_latest on thread (project, last_ord);

-- message: ord orders all mail by the time it was received; it is that time in
-- milliseconds, shifted, with a counter in its low bits.
create table message (
	id           text    primary key,
	ord          bigint  not null unique,
	project      text    not null, -- '' in the tray
	thread       text    not null, -- '' in the tray
	direction    text    not null,
	sha          text    not null unique references raw (sha),
	size         bigint  not null,
	message_id   text    not null,
	from_name    text    not null,
	from_address text    not null,
	sent_at      bigint  not null,
	sent_zone    integer not null, -- seconds east of UTC, as the sender wrote it
	received     bigint  not null,
	class        text    not null,
	filed_at     bigint  not null,
	source       text    not null,
	salt         bytea   not null, -- of this message's commitments in the log
	subject      text    not null,
	body         bytea   not null  -- what was read from the mail, compressed with zstd: JSON, new text, text
);
create index message_thread on message (thread, ord);
create index message_by_message_id on message (message_id);
create index message_tray on message (ord) where project = '';

-- mention says in which thread of a project an id occurs, as a Message-ID or
-- as a reference. It is always one thread: a second one is merged into it.
create table mention (
	project text not null,
	id      text not null,
	thread  text not null,
	primary key (project, id)
);
create index mention_thread on mention (thread);

-- mail_position is where a mail lies on its IMAP server.
create table mail_position (
	mailbox     text   not null,
	uidvalidity bigint not null,
	uid         bigint not null,
	message     text   not null references message (id),
	primary key (mailbox, uidvalidity, uid)
);
create index mail_position_message on mail_position (message);

-- mailbox is how far a mailbox was read, and who may read on.
create table mailbox (
	name        text   primary key,
	uidvalidity bigint not null,
	last_uid    bigint not null,
	modseq      bigint not null,
	fence       bigint not null,
	owner       text   not null,
	until       bigint not null
);

create table item (
	id       text    primary key,
	project  text    not null,
	number   integer not null,
	message  text    not null references message (id),
	thread   text    not null,
	kind     text    not null,
	facet    text    not null,
	words    text    not null,
	first    integer not null, -- byte offsets in the message's new text
	past     integer not null,
	urgent   boolean not null,
	due      text    not null,
	about    text    not null,
	report   text    not null,
	point    text    not null,
	sure     boolean not null,
	why      text    not null,
	state    text    not null,
	answer   integer not null, -- n of the answer that counts, 0 for none
	said_at  bigint  not null,
	unique (project, number)
);
create index item_latest on item (project, said_at);
create index item_message on item (message);
create index item_thread on item (thread);

create table answer (
	item      text    not null references item (id),
	n         integer not null,
	word      text    not null,
	reason    text    not null,
	next_step text    not null,
	day       text    not null,
	login     text    not null,
	given_at  bigint  not null,
	report    text    not null,
	salt      bytea   not null,
	primary key (item, n)
);
create index answer_report on answer (report) where report <> '';

create table report (
	id          text    primary key,
	project     text    not null,
	number      integer not null,
	subject     text    not null,
	period      text    not null,
	status      text    not null,
	language    text    not null,
	message_id  text    not null,
	message     text    not null references message (id), -- itself, filed in its thread
	draft_sha   text    not null,
	draft       text    not null,
	plain       text    not null,
	points      text    not null, -- JSON
	approved_by text    not null,
	approved_at bigint  not null,
	released_at bigint  not null,
	cancelled_at bigint  not null,
	cancelled_by text    not null default '',
	cancel_salt  bytea,
	salt        bytea   not null,
	unique (project, number)
);
create index report_by_message_id on report (message_id);

create table letter (
	id         text    primary key,
	report     text    not null references report (id),
	n          integer not null, -- order in the report
	project    text    not null,
	name       text    not null,
	address    text    not null,
	message_id text    not null,
	sha        text    not null references raw (sha),
	unique (report, n)
);

-- delivery is the outbox: where each letter stands on its way.
create table delivery (
	letter     text    primary key references letter (id),
	state      text    not null,
	attempts   integer not null,
	next_at    bigint  not null,
	words      text    not null,
	changed_at bigint  not null,
	opened     boolean not null,
	fence      bigint  not null,
	owner      text    not null,
	until      bigint  not null
);
create index delivery_due on delivery (state, next_at);

-- delivery_event keeps every step of a delivery, with the words that the log
-- only commits to.
create table delivery_event (
	letter text    not null references letter (id),
	n      integer not null,
	at_ms  bigint  not null,
	state  text    not null,
	words  text    not null,
	salt   bytea   not null,
	primary key (letter, n)
);

-- The log: an RFC 6962 tree. Tiles have height 8; a tile's row only grows at
-- its end. The head is written last.
create table log_leaf (
	log  text   not null,
	n    bigint not null,
	line text   not null,
	primary key (log, n)
);
create table log_tile (
	log   text    not null,
	level integer not null,
	n     bigint  not null,
	data  bytea   not null,
	primary key (log, level, n)
);
create table log_head (
	log  text   primary key,
	size bigint not null,
	root bytea  not null
);

-- search_repair lists mail that could not be indexed.
create table search_repair (
	message text primary key references message (id),
	why     text not null
);
