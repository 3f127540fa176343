-- SPDX-License-Identifier: GPL-3.0-or-later
-- The custody ledger: `line` is what is hashed; the other columns repeat parts of it.
CREATE TABLE ledger (
  sequence INTEGER PRIMARY KEY,
  object TEXT NOT NULL,
  line TEXT NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE INDEX ledger_by_object ON ledger (object, sequence);

-- The head in a second place (another page): a tail that was rolled back is noticed.
CREATE TABLE ledger_head (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  sequence INTEGER NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- One row a record; `row` rises with arrival and is never used again.
CREATE TABLE record (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE CHECK (length(id) = 32),
  kind TEXT NOT NULL,
  kind_version INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  is_final INTEGER NOT NULL DEFAULT 0,
  is_held INTEGER NOT NULL DEFAULT 0,
  sender TEXT,
  created_us INTEGER NOT NULL,
  changed_us INTEGER NOT NULL,
  when_us INTEGER NOT NULL
) STRICT;
CREATE INDEX record_by_kind ON record (kind, row);

CREATE TABLE revision (
  row INTEGER PRIMARY KEY,
  record INTEGER NOT NULL REFERENCES record (row),
  number INTEGER NOT NULL,
  line TEXT NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  UNIQUE (record, number)
) STRICT;

-- Documents of bundles, byte for byte.
CREATE TABLE received_record (
  row INTEGER PRIMARY KEY,
  record INTEGER NOT NULL REFERENCES record (row),
  bundle_id TEXT NOT NULL,
  sender TEXT NOT NULL,
  imported_us INTEGER NOT NULL,
  raw BLOB NOT NULL,
  UNIQUE (record, bundle_id)
) STRICT;

CREATE TABLE evidence (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE CHECK (length(id) = 32),
  record INTEGER NOT NULL REFERENCES record (row),
  blob_id TEXT NOT NULL REFERENCES blob (id),
  line TEXT NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE INDEX evidence_by_record ON evidence (record, row);
CREATE INDEX evidence_by_blob ON evidence (blob_id);

-- Three that follow from the latest revisions, and are rebuilt rather than trusted.
CREATE TABLE record_link (
  record INTEGER NOT NULL REFERENCES record (row),
  path TEXT NOT NULL,
  target TEXT NOT NULL,
  PRIMARY KEY (record, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_link_by_target ON record_link (target);

CREATE TABLE record_deadline (
  record INTEGER NOT NULL REFERENCES record (row),
  path TEXT NOT NULL,
  at_us INTEGER,
  PRIMARY KEY (record, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_deadline_by_time ON record_deadline (at_us);

-- No secure-delete: in SQLite 3.42 it corrupts the index after a few replaced rows (wrong hits, then
-- "malformed"). An erasure runs 'optimize' instead: one merge of all drops every word of deleted rows,
-- and PRAGMA secure_delete overwrites the pages.
-- automerge off: a merge in the middle of a save takes 30 ms; satchel_search_merge_idle() does it.
-- `folded` holds the words whose letters people write in two ways (satchel_search_fold()).
CREATE VIRTUAL TABLE record_text USING fts5 (
  text, folded, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
INSERT INTO record_text (record_text, rank) VALUES ('automerge', 0);
-- A leaf with its row fits one page of SQLCipher, which keeps 80 bytes of each for IV and HMAC. FTS5's
-- 4050 would take a second page for every leaf: twice the encryption in each save, search and merge.
INSERT INTO record_text (record_text, rank) VALUES ('pgsz', 3970);
