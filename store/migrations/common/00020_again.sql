-- When the letters of a report were last released again; 0 for never.

-- +goose Up
alter table report add column again_at bigint not null default 0;
