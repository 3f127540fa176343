-- The vault's own tables.
CREATE TABLE setting (
  key TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row for each file below blobs/. The key is the blob's own; whoever erases content deletes the
-- row, and with it the last way to open the file.
CREATE TABLE blob (
  id TEXT NOT NULL PRIMARY KEY CHECK (length (id) = 32),
  key BLOB NOT NULL CHECK (length (key) = 32),
  sha256 BLOB NOT NULL UNIQUE CHECK (length (sha256) = 32),
  size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0)
) STRICT, WITHOUT ROWID;
