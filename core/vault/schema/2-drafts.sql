-- SPDX-License-Identifier: GPL-3.0-or-later
-- Forms that were begun and not saved: no part of any history. `content` is the form's own JSON;
-- `revision` the record's when the draft was begun, 0 where there is no record yet.
CREATE TABLE draft (
  id TEXT PRIMARY KEY CHECK (length(id) = 32),
  record INTEGER UNIQUE REFERENCES record (row),
  revision INTEGER NOT NULL CHECK ((revision > 0) = (record IS NOT NULL)),
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  changed_us INTEGER NOT NULL,
  content TEXT NOT NULL
) STRICT;
