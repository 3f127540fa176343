-- Tables of the people room.
-- SPDX-License-Identifier: GPL-3.0-or-later

-- The owner: one row. age is the X25519 identity, minisign a key id and an Ed25519 secret key.
CREATE TABLE identity (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  age BLOB NOT NULL CHECK (length (age) = 32),
  minisign BLOB NOT NULL CHECK (length (minisign) = 72),
  access BLOB NOT NULL CHECK (length (access) = 64),
  card TEXT NOT NULL,
  created_us INTEGER NOT NULL
) STRICT;

-- Public keys repeat those on the card, so that nobody can be there twice.
CREATE TABLE contact (
  id TEXT PRIMARY KEY CHECK (length (id) = 32),
  name TEXT NOT NULL,
  folded_name TEXT NOT NULL,
  folded_card_name TEXT NOT NULL,
  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3),
  is_member INTEGER NOT NULL CHECK (is_member IN (0, 1)),
  card TEXT NOT NULL,
  age BLOB NOT NULL UNIQUE CHECK (length (age) = 32),
  minisign BLOB NOT NULL UNIQUE CHECK (length (minisign) = 32),
  access BLOB NOT NULL UNIQUE CHECK (length (access) = 32),
  return_mailbox TEXT CHECK (length (return_mailbox) = 64),
  added_us INTEGER NOT NULL,
  verified_us INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX contact_by_name ON contact (folded_name);
CREATE INDEX contact_by_card_name ON contact (folded_card_name);

-- contact_id NULL: about the owner or the newsroom.
CREATE TABLE contact_alarm (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  contact_id TEXT REFERENCES contact (id),
  reason TEXT NOT NULL,
  card TEXT NOT NULL,
  seen_us INTEGER NOT NULL
) STRICT;
CREATE INDEX contact_alarm_by_contact ON contact_alarm (contact_id);

-- The newsroom that the vault belongs to: lead is the pinned key id and key.
CREATE TABLE newsroom (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  lead BLOB NOT NULL CHECK (length (lead) = 40),
  number INTEGER NOT NULL CHECK (number > 0),
  card TEXT NOT NULL,
  admitted_us INTEGER NOT NULL
) STRICT;

-- At the desk: the invites that it issued.
CREATE TABLE invite (
  id TEXT PRIMARY KEY CHECK (length (id) = 32),
  name TEXT NOT NULL,
  folded_name TEXT NOT NULL,
  token_id TEXT NOT NULL UNIQUE CHECK (length (token_id) = 32),
  secret BLOB NOT NULL CHECK (length (secret) = 32),
  issued_us INTEGER NOT NULL,
  expires_us INTEGER NOT NULL,
  revoked_us INTEGER NOT NULL DEFAULT 0,
  contact_id TEXT REFERENCES contact (id)
) STRICT;
CREATE INDEX invite_by_name ON invite (folded_name);

-- At the reporter's: the invite that was accepted.
CREATE TABLE joined (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  token TEXT NOT NULL,
  secret BLOB NOT NULL CHECK (length (secret) = 32),
  joined_us INTEGER NOT NULL
) STRICT;
