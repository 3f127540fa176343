/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "custody/satchel-custody-load.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/satchel-text.h"
#include "people/satchel-contact.h"
#include "people/satchel-people-words.h"
#include "shared/satchel-words.h"

#define KEY_SHOWN 16 /* characters of a key that nobody here knows */

static char *
dup_unknown (const char *key)
{
  return g_strdup_printf (_ ("somebody unknown, key %.*s…"), KEY_SHOWN, key);
}

char *
satchel_custody_dup_person (SatchelVault *vault, const char *key)
{
  g_autofree char *own = satchel_vault_dup_setting (vault, "actor", NULL);
  SatchelMinisignKey parsed;

  if (key == NULL)
    return g_strdup (_ ("nobody named"));
  if (g_strcmp0 (key, own) == 0)
    return g_strdup (_ ("You"));
  g_autoptr (SatchelContact) contact =
      satchel_minisign_key_parse (key, strlen (key), &parsed, NULL)
          ? satchel_contact_find_by_minisign (vault, &parsed, NULL)
          : NULL;
  if (contact == NULL)
    return dup_unknown (key);
  g_autofree char *name = satchel_people_dup_name (contact->name);
  /* Translators: a name, and how well it is known whose it is. */
  g_autofree char *person =
      g_strdup_printf (_ ("%s (%s)"), name, satchel_people_state_words (contact));
  return satchel_words_our_way (person);
}

static char *
name_cb (const char *key, gpointer user_data)
{
  return satchel_custody_dup_person (user_data, key);
}

SatchelCustodyView *
satchel_custody_load_item (SatchelVault *vault, const SatchelEvidence *item, GError **error)
{
  g_autoptr (GPtrArray) links = satchel_custody_load (vault, item->id, item->record_id, error);

  return links != NULL ? satchel_custody_view_new (links, NULL, item, name_cb, vault) : NULL;
}

static SatchelCustodyView *
load_record (SatchelVault *vault, const SatchelRecord *record, GError **error)
{
  g_autoptr (GPtrArray) links = satchel_custody_load (vault, record->id, record->id, error);
  g_autofree char *title = satchel_words_title (satchel_record_get_kind (record), record->values);

  return links != NULL ? satchel_custody_view_new (links, title, NULL, name_cb, vault) : NULL;
}

GPtrArray *
satchel_custody_load_views (SatchelVault *vault, const SatchelRecord *record, GError **error)
{
  g_autoptr (GPtrArray) items = satchel_evidence_list (vault, record->id, error);
  g_autoptr (GPtrArray) views =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_custody_view_free);
  SatchelCustodyView *view = items != NULL ? load_record (vault, record, error) : NULL;

  for (guint i = 0; view != NULL && i < items->len; i++) {
    g_ptr_array_add (views, view);
    view = satchel_custody_load_item (vault, items->pdata[i], error);
  }
  if (view == NULL)
    return NULL;
  g_ptr_array_add (views, view);
  return g_steal_pointer (&views);
}
