-- SPDX-License-Identifier: GPL-3.0-or-later
-- How this vault's desk works on what it received: in no bundle, export, ledger or search index. A
-- bundle without a row is unread, new and nobody's. The row moves when a stranger's bundle is opened
-- after all, hence DEFERRABLE.
CREATE TABLE desk (
  inbox_id TEXT PRIMARY KEY REFERENCES inbox (id) DEFERRABLE INITIALLY DEFERRED,
  is_read INTEGER NOT NULL DEFAULT 0 CHECK (is_read IN (0, 1)),
  status INTEGER NOT NULL DEFAULT 0 CHECK (status BETWEEN 0 AND 4), -- SatchelDeskStatus
  is_mine INTEGER NOT NULL DEFAULT 0 CHECK (is_mine IN (0, 1)),     -- the owner's of the vault
  assignee TEXT REFERENCES contact (id) CHECK (assignee IS NULL OR is_mine = 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX desk_by_assignee ON desk (assignee);

CREATE TABLE desk_tag (
  inbox_id TEXT NOT NULL REFERENCES desk (inbox_id) ON UPDATE CASCADE ON DELETE CASCADE,
  folded TEXT NOT NULL CHECK (length (folded) > 0), -- as tags are compared
  tag TEXT NOT NULL,
  PRIMARY KEY (inbox_id, folded)
) STRICT, WITHOUT ROWID;
CREATE INDEX desk_tag_by_tag ON desk_tag (folded);

CREATE TABLE desk_note (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  inbox_id TEXT NOT NULL REFERENCES desk (inbox_id) ON UPDATE CASCADE ON DELETE CASCADE,
  written_us INTEGER NOT NULL,
  text TEXT NOT NULL CHECK (length (text) > 0)
) STRICT;
CREATE INDEX desk_note_by_inbox ON desk_note (inbox_id, row);

CREATE TRIGGER desk_note_stays BEFORE UPDATE OF row, written_us, text ON desk_note BEGIN
  SELECT RAISE (ABORT, 'a note is never changed');
END;

-- Lists ask for rows in order, of 100,000; these have all that they ask of each.
CREATE INDEX inbox_by_time ON inbox (received_us, outcome, reason, is_introduction, receipts, id);
CREATE INDEX outbox_by_time ON outbox (sealed_us, kind);
CREATE INDEX inbox_record_by_record ON inbox_record (record_id);

-- Notes and tags may hold words of any report in the bundle: they go with the first that is erased.
-- When none is left, nothing of the work on it is, but that there is nothing to read any more.
CREATE TRIGGER desk_erased AFTER DELETE ON record BEGIN
  DELETE FROM desk_tag
  WHERE inbox_id IN (SELECT inbox_id FROM inbox_record WHERE record_id = OLD.id);
  DELETE FROM desk_note
  WHERE inbox_id IN (SELECT inbox_id FROM inbox_record WHERE record_id = OLD.id);
  DELETE FROM desk
  WHERE inbox_id IN (SELECT inbox_id FROM inbox_record WHERE record_id = OLD.id)
    AND NOT EXISTS (SELECT 1 FROM inbox_record JOIN record ON record.id = record_id
                    WHERE inbox_record.inbox_id = desk.inbox_id);
  INSERT OR IGNORE INTO desk (inbox_id, is_read)
  SELECT inbox_id, 1 FROM inbox_record AS gone
  WHERE record_id = OLD.id
    AND NOT EXISTS (SELECT 1 FROM inbox_record AS other JOIN record ON record.id = other.record_id
                    WHERE other.inbox_id = gone.inbox_id);
END;
