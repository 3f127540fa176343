-- SPDX-License-Identifier: GPL-3.0-or-later
-- Outbox, inbox, receipts: what was sealed and sent, what was received and what was put aside.

CREATE TABLE outbox (
  id TEXT PRIMARY KEY,
  bundle_id TEXT NOT NULL UNIQUE,
  kind INTEGER NOT NULL,               -- SatchelOutboxKind
  state INTEGER NOT NULL,              -- SatchelOutboxState
  why TEXT,
  file TEXT,                           -- name in outbox/; NULL where it went to a path of the caller's, or is erased
  mailbox TEXT,                        -- on the intake; NULL: by hand only
  location TEXT,                       -- of the tus upload
  offset_bytes INTEGER NOT NULL DEFAULT 0,
  size_bytes INTEGER NOT NULL,
  sha256 BLOB NOT NULL CHECK (length (sha256) = 32),
  tagmanifest_sha256 BLOB NOT NULL CHECK (length (tagmanifest_sha256) = 32),
  epoch INTEGER NOT NULL,
  stored_receipt TEXT,
  sealed_us INTEGER NOT NULL,
  stored_us INTEGER NOT NULL DEFAULT 0,
  opened_us INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX outbox_by_sha256 ON outbox (sha256);

-- Whom each was sealed to, with its number among the bundles to that recipient in this epoch.
CREATE TABLE outbox_recipient (
  outbox_id TEXT NOT NULL REFERENCES outbox (id),
  age BLOB NOT NULL CHECK (length (age) = 32),
  minisign TEXT NOT NULL,
  name TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  previous BLOB CHECK (length (previous) = 32), -- tagmanifest of the one before
  opened_receipt TEXT,
  PRIMARY KEY (outbox_id, age),
  UNIQUE (age, epoch, number)
) STRICT;

CREATE TABLE outbox_record (
  outbox_id TEXT NOT NULL REFERENCES outbox (id),
  record_id TEXT NOT NULL,
  PRIMARY KEY (outbox_id, record_id)
) STRICT;

CREATE INDEX outbox_record_by_record ON outbox_record (record_id);

CREATE TABLE inbox (
  id TEXT PRIMARY KEY,
  outcome INTEGER NOT NULL,            -- SatchelInboxOutcome: OPENED or ASIDE
  reason INTEGER NOT NULL DEFAULT 0,   -- SatchelAsideReason
  name TEXT NOT NULL,
  finding TEXT,
  file TEXT,                           -- name in inbox/ of the sealed file
  bundle_id TEXT,
  tagmanifest_sha256 BLOB CHECK (length (tagmanifest_sha256) = 32),
  sender TEXT,                         -- minisign public key line
  contact_id TEXT,
  contact_name TEXT,
  epoch INTEGER,
  number INTEGER NOT NULL DEFAULT 0,
  previous BLOB CHECK (length (previous) = 32),
  is_introduction INTEGER NOT NULL DEFAULT 0,
  items INTEGER NOT NULL DEFAULT 0,
  receipts INTEGER NOT NULL DEFAULT 0,
  receipt TEXT,                        -- the *opened* receipt that this vault wrote
  receipt_owed INTEGER NOT NULL DEFAULT 0,
  size_bytes INTEGER NOT NULL,
  sha256 BLOB NOT NULL UNIQUE CHECK (length (sha256) = 32),
  received_us INTEGER NOT NULL
) STRICT;

-- What was taken in is unique; what is aside may claim any id.
CREATE UNIQUE INDEX inbox_by_bundle ON inbox (bundle_id) WHERE outcome = 0;
CREATE UNIQUE INDEX inbox_by_number ON inbox (sender, epoch, number) WHERE outcome = 0 AND number > 0;

CREATE TABLE inbox_record (
  inbox_id TEXT NOT NULL REFERENCES inbox (id),
  record_id TEXT NOT NULL,
  PRIMARY KEY (inbox_id, record_id)
) STRICT;

-- Tag files, signature, index, custody and records of every bundle sent or taken in, byte for byte.
CREATE TABLE bundle_file (
  bundle_id TEXT NOT NULL,
  name TEXT NOT NULL,                  -- "tagmanifest-sha256.txt", "data/r0001.json"
  content BLOB NOT NULL,
  PRIMARY KEY (bundle_id, name)
) STRICT;

-- Documents that hold words of an erased record go with it, in the same transaction.
CREATE TRIGGER record_erased AFTER DELETE ON record BEGIN
  DELETE FROM bundle_file
  WHERE name LIKE 'data/%.json' AND bundle_id IN (
    SELECT bundle_id FROM outbox JOIN outbox_record ON outbox_id = outbox.id
      WHERE record_id = OLD.id
    UNION SELECT bundle_id FROM inbox JOIN inbox_record ON inbox_id = inbox.id
      WHERE record_id = OLD.id);
END;

-- How far each mailbox of each intake (by receipt key) was read.
CREATE TABLE mailbox_position (
  intake TEXT NOT NULL,
  mailbox TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (intake, mailbox)
) STRICT;

-- Connections that were not the newsroom's, forks, receipts that do not fit.
CREATE TABLE sync_alarm (
  id TEXT PRIMARY KEY,
  seen_us INTEGER NOT NULL,
  sentence TEXT NOT NULL
) STRICT;
