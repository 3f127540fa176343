/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "join/satchel-found-job.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/satchel-file.h"
#include "base/satchel-text.h"
#include "people/satchel-identity.h"
#include "people/satchel-newsroom.h"

#define SHOWN_MAX 120

void
satchel_found_card_free (SatchelFoundCard *self)
{
  if (self == NULL)
    return;
  satchel_intake_card_free (self->intake);
  satchel_card_free (self->member);
  g_free (self->title);
  g_free (self->subtitle);
  g_free (self);
}

/* --- Reading a card --- */

static void
describe_intake (SatchelFoundCard *card)
{
  g_autofree char *address = satchel_text_for_display (card->intake->addresses[0], SHOWN_MAX);

  card->title = satchel_text_for_display (card->intake->name, SHOWN_MAX);
  /* Translators: %s is the address of a server. */
  card->subtitle = g_strdup_printf (_ ("Server at %s"), address);
}

/* Translators: %s are a person's safety words, in each of the three. */
static const char *
role_words (SatchelRole role)
{
  switch (role) {
    case SATCHEL_ROLE_EDITOR:
      return _ ("Editor. Safety words: %s");
    case SATCHEL_ROLE_LEGAL:
      return _ ("Lawyer. Safety words: %s");
    case SATCHEL_ROLE_REPORTER:
      return _ ("Reporter, who would read what all others send: better invited. Safety words: %s");
  }
  return "%s";
}

static void
describe_member (SatchelFoundCard *card)
{
  g_autofree char *words = satchel_public_keys_dup_safety_words (&card->member->keys);

  card->title = satchel_text_for_display (card->member->name, SHOWN_MAX);
  card->subtitle = g_strdup_printf (role_words (card->member->role), words);
}

/* The owner is a member already. */
static gboolean
check_other (SatchelVault *vault, const SatchelCard *member, GError **error)
{
  g_autoptr (SatchelCard) own = satchel_identity_load_card (vault, error);

  if (own == NULL)
    return FALSE;
  if (!satchel_public_keys_equal (&own->keys, &member->keys))
    return TRUE;
  g_set_error_literal (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_EXISTS,
                       "the owner's own card");
  return FALSE;
}

static gpointer
read_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  g_autoptr (SatchelFoundCard) card = g_new0 (SatchelFoundCard, 1);
  g_autoptr (GBytes) bytes = satchel_file_load (input, SATCHEL_INTAKE_CARD_SIZE_MAX, error);
  gsize size = 0;

  if (bytes == NULL)
    return NULL;
  const char *text = g_bytes_get_data (bytes, &size);
  g_autofree char *kind = satchel_paper_guess_kind (text, size);
  if (g_strcmp0 (kind, "card") == 0) {
    card->member = satchel_card_parse (text, (gssize) size, error);
    if (card->member == NULL || !check_other (vault, card->member, error))
      return NULL;
    describe_member (card);
  } else {
    card->intake = satchel_intake_card_parse (text, (gssize) size, error);
    if (card->intake == NULL)
      return NULL;
    describe_intake (card);
  }
  return g_steal_pointer (&card);
}

SatchelSessionJob
satchel_found_read_job (const char *path)
{
  return (SatchelSessionJob){.run = read_run,
                             .input = g_strdup (path),
                             .input_free = g_free,
                             .result_free = (GDestroyNotify) satchel_found_card_free};
}

/* --- Founding --- */

typedef struct {
  char *name;
  GPtrArray *intakes;
  GPtrArray *members;
} Founding;

static void
founding_free (gpointer data)
{
  Founding *self = data;

  g_free (self->name);
  g_ptr_array_unref (self->intakes);
  g_ptr_array_unref (self->members);
  g_free (self);
}

static gpointer
create_run (SatchelVault *vault,
            gpointer input,
            SatchelProgressReport progress,
            GCancellable *cancellable,
            GError **error)
{
  const Founding *founding = input;
  g_autoptr (SatchelNewsroomCard) card = satchel_newsroom_create (
      vault, founding->name, founding->intakes, founding->members, error);

  return card != NULL ? g_strdup (card->name) : NULL;
}

SatchelSessionJob
satchel_found_create_job (const char *name, GPtrArray *cards)
{
  Founding *founding = g_new0 (Founding, 1);

  founding->name = g_strdup (name);
  founding->intakes = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_intake_card_free);
  founding->members = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_card_free);
  for (guint i = 0; i < cards->len; i++) {
    const SatchelFoundCard *card = cards->pdata[i];
    if (card->intake != NULL)
      g_ptr_array_add (founding->intakes, satchel_intake_card_copy (card->intake));
    else
      g_ptr_array_add (founding->members, satchel_card_copy (card->member));
  }
  return (SatchelSessionJob){.run = create_run,
                             .input = founding,
                             .input_free = founding_free,
                             .result_free = g_free,
                             .changes = SATCHEL_CHANGED_PEOPLE};
}

static gpointer
save_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  g_autoptr (SatchelNewsroom) newsroom = satchel_newsroom_load (vault, error);

  if (newsroom == NULL || !satchel_file_store (input, (const guint8 *) newsroom->card->text,
                                               strlen (newsroom->card->text), error))
    return NULL;
  return input;
}

SatchelSessionJob
satchel_found_save_job (const char *path)
{
  return (SatchelSessionJob){.run = save_run, .input = g_strdup (path), .input_free = g_free};
}
