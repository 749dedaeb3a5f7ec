-- Who let the letters of a report go for the first time. The log commits to it.

-- +goose Up
alter table report add column released_by text not null default '';
alter table report add column release_salt bytea;
