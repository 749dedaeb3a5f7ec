-- When the letters of a report may go.

-- +goose Up
alter table report add column send_at bigint not null default 0; -- 0 for at once
alter table report add column any_hour boolean not null default false; -- also outside of the client's hours
