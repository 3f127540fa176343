/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "custody/satchel-custody-text.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/satchel-text.h"
#include "shared/satchel-words.h"

#define ROWS_MAX  300
#define ROWS_HEAD 100 /* of a long chain that are shown before what is left out */

typedef struct {
  SatchelCustodyView *view;
  const SatchelEvidence *item; /* nullable */
  SatchelCustodyNamer namer;
  gpointer user_data;
  guint breaks;
} Telling;

void
satchel_custody_row_free (SatchelCustodyRow *self)
{
  if (self == NULL)
    return;
  g_free (self->title);
  g_free (self->subtitle);
  g_free (self->fault);
  g_strfreev (self->details);
  g_free (self->name);
  g_free (self);
}

void
satchel_custody_view_free (SatchelCustodyView *self)
{
  if (self == NULL)
    return;
  g_free (self->title);
  g_free (self->sha256);
  g_free (self->summary);
  g_ptr_array_unref (self->rows);
  g_free (self);
}

const char *
satchel_custody_action_words (SatchelAction action)
{
  switch (action) {
    case SATCHEL_ACTION_CREATED:
      return _ ("Written");
    case SATCHEL_ACTION_REVISED:
      return _ ("Changed");
    case SATCHEL_ACTION_ATTACHED:
      return _ ("Evidence attached");
    case SATCHEL_ACTION_VIEWED:
      return _ ("Looked at");
    case SATCHEL_ACTION_SEALED:
      return _ ("Sealed");
    case SATCHEL_ACTION_SENT:
      return _ ("Sent");
    case SATCHEL_ACTION_RECEIVED:
      return _ ("Stored by the newsroom");
    case SATCHEL_ACTION_OPENED:
      return _ ("Opened by the newsroom");
    case SATCHEL_ACTION_IMPORTED:
      return _ ("Verified and taken in");
    case SATCHEL_ACTION_EXPORTED:
      return _ ("A copy taken out");
    case SATCHEL_ACTION_REDACTED:
      return _ ("Redacted");
    case SATCHEL_ACTION_DISCLOSED:
      return _ ("Disclosed");
    case SATCHEL_ACTION_ERASED:
      return _ ("Erased");
    case SATCHEL_ACTION_HOLD:
      return _ ("Legal hold changed");
    case SATCHEL_ACTION_STAMPED:
      return _ ("Time stamped");
    case SATCHEL_ACTION_VERIFIED:
      return _ ("Checked again");
    default:
      return satchel_action_to_text (action);
  }
}

static const char *
title_of (const SatchelLedgerEntry *entry)
{
  if (entry == NULL)
    return _ ("An entry that cannot be read");
  if (entry->action == SATCHEL_ACTION_ATTACHED && entry->detail != NULL &&
      json_object_get_boolean_member_with_default (entry->detail, "cut_off", FALSE))
    return _ ("Evidence attached: a recording that was cut off");
  if (entry->action != SATCHEL_ACTION_VERIFIED || entry->detail == NULL)
    return satchel_custody_action_words (entry->action);
  return json_object_get_boolean_member_with_default (entry->detail, "holds", FALSE)
             ? _ ("Checked again: unchanged")
             : _ ("Checked again: it did NOT hold");
}

static char *
dup_name (const Telling *self, const char *key)
{
  return self->namer != NULL ? self->namer (key, self->user_data)
                             : g_strdup (key != NULL ? key : "");
}

/* --- Rows --- */

static SatchelCustodyRow *
add_row (Telling *self, SatchelCustodyMark mark, const char *title, char *subtitle)
{
  SatchelCustodyRow *row = g_new0 (SatchelCustodyRow, 1);

  row->mark = mark;
  row->is_tied = self->view->rows->len > 0;
  row->title = g_strdup (title);
  row->subtitle = subtitle;
  g_ptr_array_add (self->view->rows, row);
  return row;
}

static void
set_fault (Telling *self, SatchelCustodyRow *row, const char *fault)
{
  row->fault = g_strdup (fault);
  row->is_tied = FALSE;
  self->breaks++;
}

static void
add_detail (GStrvBuilder *builder, const char *name, const char *value)
{
  if (value == NULL)
    return;
  g_strv_builder_add (builder, name);
  g_strv_builder_add (builder, value);
}

static void
add_hash (GStrvBuilder *builder, const char *name, gboolean has, const guint8 hash[32])
{
  g_autofree char *hex = has ? satchel_hex_encode (hash, 32) : NULL;

  add_detail (builder, name, hex);
}

static char **
details_of (const SatchelLedgerEntry *entry)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  add_hash (builder, _ ("Hash of this entry"), TRUE, entry->hash);
  add_hash (builder, _ ("Hash of the entry before it"), entry->has_previous_of_object,
            entry->previous_of_object);
  add_hash (builder, _ ("Hash of what it is about, as it was then"), entry->has_object_hash,
            entry->object_hash);
  add_detail (builder, _ ("Signing key of who did it"), entry->actor);
  return g_strv_builder_end (builder);
}

static char *
dup_by_clock (gint64 unix_us, gboolean is_ours)
{
  g_autofree char *moment = satchel_words_exact (unix_us);

  /* Translators: a moment, and whose clock said so. */
  return g_strdup_printf (is_ours ? _ ("%s by this computer's clock") : _ ("%s by their clock"),
                          moment);
}

static char *
dup_subtitle (const Telling *self, const SatchelCustodyLink *step)
{
  const SatchelLedgerEntry *entry = step->link->entry;

  if (entry == NULL)
    return NULL;
  g_autofree char *who = dup_name (self, entry->actor);
  g_autofree char *when = dup_by_clock (entry->time_us, step->is_ours);
  return g_strdup_printf ("%s · %s", who, when);
}

/* Whether the first entry of an item is about the item as it is described here. */
static gboolean
is_described (const Telling *self, const SatchelLedgerEntry *entry)
{
  return self->item == NULL || !entry->has_object_hash ||
         memcmp (entry->object_hash, self->item->hash, sizeof entry->object_hash) == 0;
}

static void
add_entry (Telling *self, const SatchelCustodyLink *step)
{
  const SatchelLedgerEntry *entry = step->link->entry;
  SatchelCustodyMark mark = entry == NULL   ? SATCHEL_CUSTODY_MARK_FAULT
                            : step->is_ours ? SATCHEL_CUSTODY_MARK_OURS
                                            : SATCHEL_CUSTODY_MARK_THEIRS;
  SatchelCustodyRow *row = add_row (self, mark, title_of (entry), dup_subtitle (self, step));

  if (entry == NULL)
    set_fault (self, row,
               _ ("Broken here: the entry below is not as Satchel wrote it. It was changed, or the "
                  "disk is damaged."));
  else if (step->link->tie == SATCHEL_TIE_BROKEN)
    set_fault (self, row,
               _ ("Broken here: the entry below names another one before it. One was changed, or "
                  "is missing."));
  else if (!is_described (self, entry))
    set_fault (self, row,
               _ ("Broken here: the entry below is about another content than the one that is "
                  "here."));
  if (entry != NULL)
    row->details = details_of (entry);
}

static void
add_over (Telling *self, const SatchelCustodyLink *step)
{
  g_autofree char *signer = dup_name (self, step->signer);
  g_autofree char *imported =
      step->imported_us != 0 ? dup_by_clock (step->imported_us, TRUE) : NULL;
  g_autoptr (GDateTime) day =
      g_date_time_new_from_unix_utc (step->bagged_us / G_USEC_PER_SEC);
  g_autofree char *bagged =
      step->bagged_us != 0 ? satchel_words_format (day, _ ("%-e %B %Y")) : g_strdup (_ ("unknown"));
  /* Translators: who, and a day. */
  g_autofree char *sealed = g_strdup_printf (_ ("Sealed and signed by %s on %s"), signer, bagged);
  char *subtitle = imported == NULL
                       ? g_steal_pointer (&sealed)
                       /* Translators: a sentence, and a moment by whose clock. */
                       : g_strdup_printf (_ ("%s; taken in here on %s"), sealed, imported);
  SatchelCustodyRow *row =
      add_row (self, SATCHEL_CUSTODY_MARK_HANDS, _ ("It changed hands"), subtitle);
  g_autoptr (GStrvBuilder) details = g_strv_builder_new ();

  if (!step->holds)
    set_fault (self, row,
               _ ("Broken here: what stands above is not what was signed, or the signature is not "
                  "here."));
  add_detail (details, _ ("Hash that was signed"), step->tagmanifest);
  add_detail (details, _ ("Bundle"), step->bundle_id);
  add_detail (details, _ ("Signing key of the sender"), step->signer);
  row->details = g_strv_builder_end (details);
}

/* An item begins before the ledger does. */
static void
add_capture (Telling *self, gboolean is_ours)
{
  const SatchelEvidence *item = self->item;

  if (item == NULL || item->captured.precision == SATCHEL_PRECISION_UNKNOWN)
    return;
  g_autofree char *moment = satchel_words_when (&item->captured);
  add_row (self, is_ours ? SATCHEL_CUSTODY_MARK_OURS : SATCHEL_CUSTODY_MARK_THEIRS,
           _ ("Recorded"),
           g_strdup_printf (_ ("%s (%s)"), moment, satchel_words_clock (item->clock)));
}

/* --- What is said in short --- */

static gboolean
is_look (const SatchelCustodyLink *step)
{
  return step->step == SATCHEL_CUSTODY_ENTRY && step->link->tie <= SATCHEL_TIE_HOLDS &&
         step->link->entry->action == SATCHEL_ACTION_VIEWED;
}

static guint
count_looks (GPtrArray *links, guint first)
{
  const SatchelCustodyLink *one = links->pdata[first];
  guint count = 0;

  for (guint i = first; i < links->len; i++, count++) {
    const SatchelCustodyLink *other = links->pdata[i];
    if (!is_look (other) || other->is_ours != one->is_ours ||
        g_strcmp0 (other->link->entry->actor, one->link->entry->actor) != 0)
      break;
  }
  return count;
}

/* The last of them, which all the others are tied up to. */
static void
add_looks (Telling *self, const SatchelCustodyLink *last, guint count)
{
  add_entry (self, last);
  if (count == 1)
    return;
  SatchelCustodyRow *row = g_ptr_array_index (self->view->rows, self->view->rows->len - 1);
  g_free (row->title);
  row->title = g_strdup_printf (ngettext ("Looked at %u time", "Looked at %u times", count), count);
  g_autofree char *subtitle = row->subtitle;
  /* Translators: who and when. */
  row->subtitle = g_strdup_printf (_ ("The last time: %s"), subtitle);
}

/* Only where nothing is wrong: a fault is never left out. */
static void
shorten (SatchelCustodyView *view)
{
  guint over = view->rows->len - MIN (view->rows->len, ROWS_MAX);

  if (over == 0 || !view->holds)
    return;
  SatchelCustodyRow *row = g_ptr_array_index (view->rows, ROWS_HEAD);
  g_free (row->title);
  g_free (row->subtitle);
  g_clear_pointer (&row->details, g_strfreev);
  row->title = g_strdup_printf (ngettext ("%u more, tied to those before and after it",
                                          "%u more, each tied to the one before it", over + 1),
                                over + 1);
  row->subtitle = NULL;
  g_ptr_array_remove_range (view->rows, ROWS_HEAD + 1, over);
}

static void
name_rows (GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++) {
    SatchelCustodyRow *row = rows->pdata[i];
    const char *tie = row->fault != NULL ? row->fault
                      : row->is_tied     ? _ ("Tied to the one before it.")
                                         : "";
    row->name = g_strdup_printf ("%s. %s. %s", row->title,
                                 row->subtitle != NULL ? row->subtitle : "", tie);
  }
}

static void
conclude (Telling *self)
{
  SatchelCustodyView *view = self->view;
  guint count = view->rows->len;

  view->holds = self->breaks == 0;
  if (count == 0)
    view->summary = g_strdup (_ ("The ledger says nothing of this."));
  else if (view->holds)
    view->summary = g_strdup (_ ("The chain is whole: each entry names the hash of the one before "
                                 "it."));
  else
    view->summary = g_strdup_printf (
        ngettext ("The chain is BROKEN in %u place. Do not rely on it before you know why.",
                  "The chain is BROKEN in %u places. Do not rely on it before you know why.",
                  self->breaks),
        self->breaks);
  shorten (view);
  name_rows (view->rows);
}

SatchelCustodyView *
satchel_custody_view_new (GPtrArray *links,
                          const char *title,
                          const SatchelEvidence *item,
                          SatchelCustodyNamer namer,
                          gpointer user_data)
{
  SatchelCustodyView *view = g_new0 (SatchelCustodyView, 1);
  Telling self = {view, item, namer, user_data, 0};

  view->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_custody_row_free);
  view->title = item != NULL ? satchel_text_for_display (item->name, 200) : g_strdup (title);
  view->sha256 = item != NULL ? satchel_hex_encode (item->sha256, sizeof item->sha256) : NULL;
  if (links->len > 0)
    add_capture (&self, ((const SatchelCustodyLink *) links->pdata[0])->is_ours);
  for (guint i = 0; i < links->len; i++) {
    const SatchelCustodyLink *step = links->pdata[i];
    guint looks = is_look (step) ? count_looks (links, i) : 0;
    if (looks > 0) {
      i += looks - 1;
      add_looks (&self, links->pdata[i], looks);
    } else if (step->step == SATCHEL_CUSTODY_HANDED_OVER) {
      add_over (&self, step);
    } else {
      add_entry (&self, step);
    }
  }
  conclude (&self);
  return view;
}
