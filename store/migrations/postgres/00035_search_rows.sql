-- The pairs lie beside the vector and not in the row: a search reads the rows of
-- all mail in its window, and the pairs of few.

-- +goose Up
alter table search set (toast_tuple_target = 128);
alter table search alter column pairs set storage external;
