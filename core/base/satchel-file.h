/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/satchel-sink.h"

G_BEGIN_DECLS

/**
 * Files that are there after a power cut, or not at all. Temporary names are random, in the
 * target's own folder, mode 0600, opened O_NOFOLLOW | O_EXCL | O_CLOEXEC. Errors are
 * SatchelBaseError.
 */

/** A file that appears under its name only when committed. */
typedef struct _SatchelNewFile SatchelNewFile;

/** Begins a file that will stand at @path. NULL on error. */
SatchelNewFile *satchel_new_file_open (const char *path, GError **error);

/** The same for a folder that nobody sweeps: the temporary name follows from @path's, and what a
 *  killed writer of the same file left is taken away first. SATCHEL_BASE_ERROR_BUSY where another
 *  writer of @path is at work. */
SatchelNewFile *satchel_new_file_open_outside (const char *path, GError **error);

/** The same for a file that is to outlive a crash before it is whole: it stands at @path from the
 *  beginning, and once satchel_new_file_sync() has said so it stays there, whatever becomes of its
 *  writer. SATCHEL_BASE_ERROR_EXISTS. */
SatchelNewFile *satchel_new_file_open_standing (const char *path, GError **error);

/** Makes what was written to such a file so far durable, and its name. A failed fsync is final. */
gboolean satchel_new_file_sync (SatchelNewFile *self, GError **error);

/** The sink that appends to @self; valid as long as @self. */
SatchelSink satchel_new_file_get_sink (SatchelNewFile *self);

/** The file descriptor, borrowed, for positioned writes. */
int satchel_new_file_get_fd (SatchelNewFile *self);

/** fsyncs and closes the descriptor, so that many finished files can wait for their commit. Nothing
 *  may be written after it. A failed fsync is final. */
gboolean satchel_new_file_settle (SatchelNewFile *self, GError **error);

/** The same without the fsync: what was written is durable already, by syncfs(). */
void satchel_new_file_settled (SatchelNewFile *self);

/**
 * fsync, rename over @path, fsync of the folder, in this order. With @replace FALSE an existing
 * file is left as it is and SATCHEL_BASE_ERROR_EXISTS is set. After failure nothing stands at @path
 * that did not before; only where a file was replaced and the folder's fsync failed, either of the
 * two does, whole. A failed fsync is final. May be called once.
 */
gboolean satchel_new_file_commit (SatchelNewFile *self, gboolean replace, GError **error);

/** As satchel_new_file_commit() with @replace, but leaves the fsync of the folder to
 *  satchel_folder_sync(), for several files at once. */
gboolean satchel_new_file_place (SatchelNewFile *self, GError **error);

/** Frees; a file that was neither committed nor synced is unlinked. */
void satchel_new_file_free (SatchelNewFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelNewFile, satchel_new_file_free)

/** Writes a small file whole and durably (open, write, commit with replace). */
gboolean
satchel_file_store (const char *path, const guint8 *data, gsize size_bytes, GError **error);

/** Overwrites the first @size_bytes of an existing file in place, then fsyncs it. */
gboolean
satchel_file_overwrite (const char *path, const guint8 *data, gsize size_bytes, GError **error);

/** Gives the file at @path, durable already, a second name @name, durably. *@is_linked is FALSE
 * where the file system has no such thing, or @name is on another one: then its bytes are to be
 * copied. SATCHEL_BASE_ERROR_EXISTS where something stands at @name. */
gboolean
satchel_file_link (const char *path, const char *name, gboolean *is_linked, GError **error);

/** Loads a regular file of at most @limit_bytes. The result is NUL-terminated beyond its size.
 *  SATCHEL_BASE_ERROR_TOO_LARGE, _NOT_FOUND, _IO. */
GBytes *satchel_file_load (const char *path, gsize limit_bytes, GError **error);

/** Opens a regular file for reading (no FIFO, no device, O_CLOEXEC); @size_bytes nullable. */
GInputStream *satchel_file_read (const char *path, guint64 *size_bytes, GError **error);

/** Makes one folder, mode 0700, and fsyncs its parent; an existing folder is fine. */
gboolean satchel_folder_make (const char *path, GError **error);

/** fsyncs a folder, so that names in it are durable. */
gboolean satchel_folder_sync (const char *path, GError **error);

/** Makes a file that somebody else may have written durable, and its name. */
gboolean satchel_file_sync (const char *path, GError **error);

/** Unlinks a file durably (fsync of the folder); a missing file is fine. */
gboolean satchel_file_remove (const char *path, GError **error);

/** Removes a folder with all below it, following no link. A missing folder is fine. */
gboolean satchel_folder_remove (const char *path, GError **error);

/** The same for a folder that this user made in an earlier run and that others may have had their
 *  hands on since: @path is absolute, and no part of it may be a symbolic link. *@was_there tells
 *  whether it stood there. SATCHEL_BASE_ERROR_NOT_FOUND where the folder that it stood in is
 *  missing; _IO where it is a link, a file or somebody else's, and nothing was removed. */
gboolean satchel_folder_remove_own (const char *path, gboolean *was_there, GError **error);

/** Takes an exclusive flock on @path (made if missing) without waiting; returns the descriptor to
 *  keep open, or -1 with SATCHEL_BASE_ERROR_BUSY where another process holds it. */
int satchel_file_lock (const char *path, GError **error);

G_END_DECLS
