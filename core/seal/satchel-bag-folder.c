/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-bag-private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/satchel-error.h"
#include "base/satchel-text.h"
#include "seal/satchel-ustar.h"

#define DATA_FOLDER "data"

/* The work under way. Faults of single files are told and counted, others end it. */
typedef struct {
  int folder;
  int data;
  SatchelBagFound found;
  gpointer user_data;
  GCancellable *cancellable; /* nullable */
  SatchelBagInfo *info;
  GError *first; /* the first fault that was told */
  guint64 archive_bytes;
  guint64 payload_bytes;
} Checker;

/* Tells a broken rule and goes on; anything else (disk, cancellation) is handed on as FALSE. */
static gboolean
tell (Checker *self, GError *fault, GError **error)
{
  g_autoptr (SatchelBagFinding) finding = satchel_bag_finding_from_error (fault);

  if (finding == NULL) {
    g_propagate_error (error, fault);
    return FALSE;
  }
  if (self->found != NULL)
    self->found (finding, self->user_data);
  if (self->first == NULL)
    self->first = fault;
  else
    g_error_free (fault);
  return TRUE;
}

/* A regular file below @folder, never through a link. */
static GInputStream *
open_member (
    int folder, const char *name, const char *member, guint64 *size_bytes, GError **error)
{
  struct stat status;
  int fd = openat (folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

  if (fd < 0 && errno == ENOENT) {
    satchel_bag_break (error, "member-missing", member, "it is not there");
    return NULL;
  }
  if (fd < 0 && (errno == ELOOP || errno == ENXIO)) {
    satchel_bag_break (error, "folder-type", member, "not a regular file");
    return NULL;
  }
  if (fd < 0) {
    satchel_base_set_errno (error, errno, "open a member of the bag");
    return NULL;
  }
  g_autoptr (GInputStream) stream = g_unix_input_stream_new (fd, TRUE);
  if (fstat (fd, &status) != 0) {
    satchel_base_set_errno (error, errno, "look at a member of the bag");
    return NULL;
  }
  if (!S_ISREG (status.st_mode)) {
    satchel_bag_break (error, "folder-type", member, "not a regular file");
    return NULL;
  }
  *size_bytes = (guint64) status.st_size;
  return g_steal_pointer (&stream);
}

static GBytes *
load_tag (Checker *self, SatchelBagTag tag, GError **error)
{
  g_autoptr (GByteArray) array = g_byte_array_new ();
  const char *name = satchel_bag_tag_name (tag);
  guint64 size = 0;
  g_autoptr (GInputStream) stream = open_member (self->folder, name, name, &size, error);

  if (stream == NULL)
    return NULL;
  if (size > satchel_bag_tag_limit (tag)) {
    satchel_bag_break (error, "member-size", name, "too large");
    return NULL;
  }
  if (!satchel_sink_splice (satchel_sink_to_byte_array (array), stream,
                            satchel_bag_tag_limit (tag), NULL, self->cancellable, error))
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&array));
}

static gboolean
load_info (Checker *self, GError **error)
{
  GBytes *tags[SATCHEL_BAG_TAG_COUNT] = {NULL};
  gboolean good = TRUE;

  for (guint i = 0; good && i < SATCHEL_BAG_TAG_COUNT; i++) {
    tags[i] = load_tag (self, i, error);
    good = tags[i] != NULL;
  }
  if (good)
    self->info = satchel_bag_info_read (tags, NULL, error);
  if (self->info != NULL)
    self->archive_bytes = satchel_bag_tags_tar_size (tags);
  for (guint i = 0; i < SATCHEL_BAG_TAG_COUNT; i++)
    g_clear_pointer (&tags[i], g_bytes_unref);
  return self->info != NULL;
}

static gboolean
check_content (Checker *self,
               GInputStream *stream,
               SatchelBagTee *tee,
               const guint8 *sha256,
               const char *rule,
               GError **error)
{
  g_autoptr (GError) local_error = NULL;

  return satchel_bag_tee_run (tee, stream, sha256, rule, self->cancellable, &local_error) ||
         tell (self, g_steal_pointer (&local_error), error);
}

static gboolean
check_entry (Checker *self, const SatchelBagEntry *entry, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  guint64 size = 0;
  g_autofree char *member = g_strconcat (DATA_FOLDER "/", entry->name, NULL);
  g_autoptr (GInputStream) stream =
      open_member (self->data, entry->name, member, &size, &local_error);

  if (stream == NULL)
    return tell (self, g_steal_pointer (&local_error), error);
  if (size > satchel_bag_size_limit (satchel_bag_kind_of (entry->name))) {
    satchel_bag_break (&local_error, "member-size", member, "too large");
    return tell (self, g_steal_pointer (&local_error), error);
  }
  self->archive_bytes += satchel_ustar_member_size (size);
  self->payload_bytes += size;
  g_auto (SatchelBagTee) tee = {.limit = size, .member = member};
  return check_content (self, stream, &tee, entry->sha256, "file-hash", error);
}

static gboolean
check_padding (Checker *self, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  guint64 size = 0;
  g_autoptr (GInputStream) stream = open_member (self->folder, SATCHEL_BAG_PADDING,
                                                 SATCHEL_BAG_PADDING, &size, &local_error);

  if (stream == NULL)
    return tell (self, g_steal_pointer (&local_error), error);
  if (size != satchel_bag_padding_size (self->archive_bytes)) {
    satchel_bag_break (&local_error, "padding-size", SATCHEL_BAG_PADDING,
                       "the archive does not have a Padmé length");
    return tell (self, g_steal_pointer (&local_error), error);
  }
  g_auto (SatchelBagTee) tee = {.limit = size, .member = SATCHEL_BAG_PADDING, .only_zeros = TRUE};
  return check_content (self, stream, &tee, self->info->padding_sha256, "tag-hash", error);
}

static gboolean
check_oxum (Checker *self, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (self->payload_bytes == self->info->payload_bytes &&
      self->info->entries->len == self->info->payload_files)
    return TRUE;
  satchel_bag_break (&local_error, "oxum", "bag-info.txt",
                     "Payload-Oxum does not say what is there");
  return tell (self, g_steal_pointer (&local_error), error);
}

static gboolean
is_tag_or_padding (const char *name)
{
  for (guint i = 0; i < SATCHEL_BAG_TAG_COUNT; i++)
    if (g_str_equal (name, satchel_bag_tag_name (i)))
      return TRUE;
  return g_str_equal (name, SATCHEL_BAG_PADDING) || g_str_equal (name, DATA_FOLDER);
}

static gboolean
tell_extra (Checker *self, const char *folder_name, const char *name, GError **error)
{
  GError *fault = NULL;
  g_autofree char *shown = satchel_text_for_display (name, 80);
  g_autofree char *member = g_strconcat (folder_name, shown, NULL);

  satchel_bag_break (&fault, "member-extra", member, "nothing signed names it");
  return tell (self, fault, error);
}

/* Every name in the folder must be one that is signed for; @names NULL: a tag file's. */
static gboolean
check_names (Checker *self, int folder, GHashTable *names, GError **error)
{
  int fd = fcntl (folder, F_DUPFD_CLOEXEC, 0);
  DIR *reader = fd >= 0 ? fdopendir (fd) : NULL;
  gboolean good = TRUE;

  if (reader == NULL) {
    int saved = errno;
    if (fd >= 0)
      close (fd);
    return satchel_base_set_errno (error, saved, "list the bag's folder");
  }
  for (;;) {
    errno = 0;
    const struct dirent *entry = readdir (reader);
    if (entry == NULL)
      break;
    const char *name = entry->d_name;
    if (g_str_equal (name, ".") || g_str_equal (name, ".."))
      continue;
    if (!(names != NULL ? g_hash_table_contains (names, name) : is_tag_or_padding (name)) &&
        !tell_extra (self, names != NULL ? DATA_FOLDER "/" : "", name, error)) {
      good = FALSE;
      break;
    }
  }
  if (good && errno != 0)
    good = satchel_base_set_errno (error, errno, "list the bag's folder");
  closedir (reader);
  return good;
}

static gboolean
check_data_names (Checker *self, GError **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < self->info->entries->len; i++)
    g_hash_table_add (names, g_array_index (self->info->entries, SatchelBagEntry, i).name);
  return check_names (self, self->data, names, error);
}

static gboolean
open_data (Checker *self, GError **error)
{
  self->data = openat (self->folder, DATA_FOLDER, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (self->data >= 0)
    return TRUE;
  if (errno == ENOENT)
    return satchel_bag_break (error, "member-missing", DATA_FOLDER, "it is not there");
  if (errno == ELOOP || errno == ENOTDIR)
    return satchel_bag_break (error, "folder-type", DATA_FOLDER, "not a folder");
  return satchel_base_set_errno (error, errno, "open the bag's data folder");
}

static gboolean
check_files (Checker *self, GError **error)
{
  if (!open_data (self, error) || !check_names (self, self->folder, NULL, error) ||
      !check_data_names (self, error))
    return FALSE;
  for (guint i = 0; i < self->info->entries->len; i++)
    if (!check_entry (self, &g_array_index (self->info->entries, SatchelBagEntry, i), error))
      return FALSE;
  return check_oxum (self, error) && check_padding (self, error);
}

/* TRUE where the whole bag was looked at, whatever was told. */
static gboolean
check_bag (Checker *self, const char *folder, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  self->folder = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (self->folder < 0)
    return satchel_base_set_errno (error, errno, "open the bag's folder");
  return (load_info (self, &local_error) && check_files (self, &local_error)) ||
         tell (self, g_steal_pointer (&local_error), error);
}

gboolean
satchel_bag_check_folder (const char *folder,
                          SatchelBagFound found,
                          gpointer user_data,
                          GCancellable *cancellable,
                          SatchelBagInfo **info,
                          GError **error)
{
  Checker checker = {
      .folder = -1,
      .data = -1,
      .found = found,
      .user_data = user_data,
      .cancellable = cancellable,
  };
  gboolean whole = check_bag (&checker, folder, error);

  if (checker.folder >= 0)
    close (checker.folder);
  if (checker.data >= 0)
    close (checker.data);
  if (info != NULL && whole)
    *info = g_steal_pointer (&checker.info);
  satchel_bag_info_free (checker.info);
  if (!whole) {
    g_clear_error (&checker.first);
    return FALSE;
  }
  if (checker.first == NULL)
    return TRUE;
  g_propagate_error (error, checker.first);
  return FALSE;
}
