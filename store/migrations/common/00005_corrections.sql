-- What managers corrected in the reading of mails.

-- +goose Up

-- correction: one item that a change has touched. words are the sentence as an
-- example for later mail, '' where it is none. A change that was undone does
-- not count.
create table correction (
	change   text    not null references change (id),
	n        integer not null,
	project  text    not null,
	message  text    not null,
	item     text    not null,
	kind     text    not null, -- 'none' where the words are no item
	facet    text    not null,
	urgent   boolean not null,
	language text    not null,
	words    text    not null,
	primary key (change, n)
);
create index correction_project on correction (project);
create index correction_message on correction (message);
