-- How satisfied clients said to be.

-- +goose Up

-- rating is from 1 to 5, 0 where the mail has none; rated is the report that it
-- is about, '' if that is not known. Both stand in body too, which the log
-- commits to; here they are to be found.
alter table message add column rating integer not null default 0;
alter table message add column rated text not null default '';
create index message_rating on message (project, ord) where rating > 0;
