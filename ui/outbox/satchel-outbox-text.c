/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outbox/satchel-outbox-text.h"

#include <glib/gi18n.h>

#include "base/satchel-text.h"
#include "shared/satchel-words.h"

#define NAMES_BYTES_MAX 300

/* Rounded down: what is not there is not said to be. */
static guint
percent (const SatchelOutboxEntry *entry)
{
  if (entry->size_bytes == 0)
    return 0;
  return (guint) (MIN (entry->offset_bytes, entry->size_bytes) * 100.0 / entry->size_bytes);
}

char *
satchel_outbox_text_dup_state (const SatchelOutboxEntry *entry)
{
  switch (entry->state) {
    case SATCHEL_OUTBOX_SEALED:
      return g_strdup (_ ("Sealed, not sent yet"));
    case SATCHEL_OUTBOX_WAITING:
      return g_strdup (_ ("Waiting to be sent"));
    case SATCHEL_OUTBOX_SENDING:
      /* Translators: %u is how much of it is at the newsroom, in per cent. */
      return g_strdup_printf (entry->why != NULL ? _ ("Waiting, %u %% is there")
                                                 : _ ("Sending, %u %%"),
                              percent (entry));
    case SATCHEL_OUTBOX_STORED:
      return g_strdup (_ ("At the newsroom, not opened yet"));
    case SATCHEL_OUTBOX_HANDED_OVER:
      return g_strdup (_ ("Handed over, not confirmed yet"));
    case SATCHEL_OUTBOX_OPENED:
      return g_strdup (_ ("Opened by the newsroom"));
    case SATCHEL_OUTBOX_ERASED:
      if (entry->opened_unix_us != 0)
        return g_strdup (_ ("Opened by the newsroom, sealed copy erased"));
      /* It may arrive in the moment in which it is taken back. */
      return g_strdup (entry->stored_unix_us != 0 ? _ ("At the newsroom, taken back too late")
                                                  : _ ("Taken back"));
  }
  return g_strdup ("");
}

const char *
satchel_outbox_text_icon (const SatchelOutboxEntry *entry)
{
  switch (entry->state) {
    case SATCHEL_OUTBOX_SEALED:
    case SATCHEL_OUTBOX_WAITING:
      return "content-loading-symbolic";
    case SATCHEL_OUTBOX_SENDING:
      return "mail-send-symbolic";
    case SATCHEL_OUTBOX_STORED:
      return "emblem-ok-symbolic";
    case SATCHEL_OUTBOX_HANDED_OVER:
      return "media-removable-symbolic";
    case SATCHEL_OUTBOX_OPENED:
      return "mail-read-symbolic";
    case SATCHEL_OUTBOX_ERASED:
      return entry->opened_unix_us != 0 ? "mail-read-symbolic" : "edit-undo-symbolic";
  }
  return "dialog-question-symbolic";
}

char *
satchel_outbox_text_dup_recipients (const SatchelOutboxEntry *entry)
{
  g_autofree char *names =
      entry->recipients == NULL ? g_strdup ("") : g_strjoinv (", ", entry->recipients);

  return satchel_text_for_display (names, NAMES_BYTES_MAX);
}

gboolean
satchel_outbox_text_can_discard (const SatchelOutboxEntry *entry)
{
  return entry->state <= SATCHEL_OUTBOX_SENDING;
}

gboolean
satchel_outbox_text_can_erase (const SatchelOutboxEntry *entry)
{
  return entry->state == SATCHEL_OUTBOX_OPENED;
}

char *
satchel_outbox_text_dup_copy_heading (const SatchelCourierLoad *load, const char *folder)
{
  /* Translators: number of bundles, name of a folder or stick. */
  return g_strdup_printf (ngettext ("Copy %u sealed bundle to “%s”?",
                                    "Copy %u sealed bundles to “%s”?", load->count),
                          load->count, folder);
}

char *
satchel_outbox_text_dup_copy_body (const SatchelCourierLoad *load)
{
  g_autofree char *size = satchel_words_size (load->size_bytes);

  /* Translators: %s is a size; "Copy Only" and "Send Too" are buttons. */
  return g_strdup_printf (
      _ ("%s, which nobody but the recipients can open.\n\nWith Copy Only, what was not sent yet "
         "counts as handed over: it will not go over the network any more. With Copy and Send Too "
         "it is also sent from here; the newsroom takes in each bundle only once."),
      size);
}

char *
satchel_outbox_text_dup_copied (guint count, gboolean stays)
{
  if (count == 0)
    return g_strdup (_ ("Nothing new was copied"));
  if (stays)
    return g_strdup_printf (
        ngettext ("%u sealed bundle is there, and is sent from here too",
                  "%u sealed bundles are there, and are sent from here too", count),
        count);
  return g_strdup_printf (
      ngettext ("%u sealed bundle is there", "%u sealed bundles are there", count), count);
}
