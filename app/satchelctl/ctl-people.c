/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who one is, whom one knows, and the newsroom. */
#include "ctl.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <string.h>

#include <sodium.h>

#include "base/satchel-file.h"
#include "people/satchel-contact.h"
#include "people/satchel-identity.h"
#include "people/satchel-invite-book.h"
#include "people/satchel-newsroom.h"
#include "sync/satchel-inbox.h"
#include "sync/satchel-outbox.h"

#define INVITE_DAYS 90

static GBytes *
text_bytes (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

static void
json_contact (JsonBuilder *builder, const SatchelContact *contact)
{
  g_autofree char *words = satchel_public_keys_dup_safety_words (&contact->card->keys);
  g_autofree char *age = satchel_age_recipient_format (&contact->card->keys.age);
  g_autofree char *minisign = satchel_minisign_key_format (&contact->card->keys.minisign);

  json_builder_begin_object (builder);
  ctl_json_string (builder, "id", contact->id);
  ctl_json_string (builder, "name", contact->name);
  ctl_json_string (builder, "role", satchel_role_to_text (contact->card->role));
  ctl_json_string (builder, "state", satchel_contact_state_to_text (contact->state));
  ctl_json_bool (builder, "is_member", contact->is_member);
  ctl_json_string (builder, "safety_words", words);
  ctl_json_string (builder, "age", age);
  ctl_json_string (builder, "minisign", minisign);
  ctl_json_int (builder, "alarms", contact->alarms);
  json_builder_end_object (builder);
}

static void
print_contact (Ctl *ctl, const SatchelContact *contact)
{
  g_autofree char *words = satchel_public_keys_dup_safety_words (&contact->card->keys);
  g_autofree char *name = ctl_shown (contact->name);

  ctl_print (
      ctl, "%.8s  %s (%s), %s%s\n", contact->id, name, satchel_role_to_text (contact->card->role),
      satchel_contact_state_to_text (contact->state), contact->is_member ? _ (", member") : "");
  ctl_print (ctl, _ ("          safety words: %s\n"), words);
  if (contact->alarms > 0)
    ctl_warn (ctl,
              ngettext ("%s showed another key %u time: the first one stays. Ask them by voice",
                        "%s showed another key %u times: the first one stays. Ask them by voice",
                        contact->alarms),
              name, contact->alarms);
}

static gboolean
run_card (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  g_autofree char *output = NULL;
  const GOptionEntry entries[] = {
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_ ("Write it there"), N_ ("FILE")},
      {NULL},
  };

  if (!ctl_parse (ctl_find_command (argv[0]), entries, &argc, &argv, 0, 0, error) ||
      !ctl_open_vault (ctl, error))
    return FALSE;
  g_autoptr (SatchelCard) card = satchel_identity_load_card (ctl->vault, error);
  if (card == NULL)
    return FALSE;
  if (output != NULL) {
    g_autoptr (GBytes) bytes = text_bytes (card->text);
    return ctl_write_output (output, bytes, error);
  }
  g_autofree char *words = satchel_public_keys_dup_safety_words (&card->keys);
  if (ctl->json) {
    JsonBuilder *builder = json_builder_new ();
    json_builder_begin_object (builder);
    ctl_json_string (builder, "name", card->name);
    ctl_json_string (builder, "role", satchel_role_to_text (card->role));
    ctl_json_string (builder, "newsroom", card->newsroom);
    ctl_json_string (builder, "safety_words", words);
    ctl_json_string (builder, "card", card->text);
    json_builder_end_object (builder);
    ctl_print_builder (builder);
  }
  ctl_print (ctl, "%s", card->text);
  ctl_note (ctl, _ ("Safety words, to be read aloud: %s"), words);
  return TRUE;
}

static gboolean
trust_card (
    Ctl *ctl, const char *text, gsize size, const char *words, int *exit_code, GError **error)
{
  g_autoptr (SatchelCard) card = satchel_card_parse (text, size, error);
  g_autoptr (SatchelContact) contact = NULL;
  SatchelContactOutcome outcome;

  if (card == NULL || !satchel_contact_add (ctl->vault, card, &outcome, &contact, error))
    return FALSE;
  if (outcome == SATCHEL_CONTACT_ALARM) {
    ctl_warn (ctl, "%s",
              _ ("ALARM: this card has another key than the one known for that person. The first "
                 "key stays; ask them by voice before you do anything else"));
    *exit_code = CTL_UNVERIFIED;
  } else if (words != NULL && !satchel_contact_verify (ctl->vault, contact->id, words, error)) {
    return FALSE;
  }
  g_autoptr (SatchelContact) now =
      satchel_contact_find_by_minisign (ctl->vault, &contact->card->keys.minisign, error);
  if (now == NULL)
    return FALSE;
  if (ctl->json) {
    JsonBuilder *builder = json_builder_new ();
    json_contact (builder, now);
    ctl_print_builder (builder);
  } else {
    print_contact (ctl, now);
  }
  return TRUE;
}

/* Words for a newsroom are its lead's. */
static gboolean
verify_lead (Ctl *ctl, const SatchelNewsroomCard *card, const char *words, GError **error)
{
  g_autoptr (SatchelContact) lead =
      satchel_contact_find_by_minisign (ctl->vault, &card->lead, error);

  return lead != NULL && satchel_contact_verify (ctl->vault, lead->id, words, error);
}

static const char *
newsroom_outcome_text (SatchelNewsroomOutcome outcome)
{
  switch (outcome) {
    case SATCHEL_NEWSROOM_PINNED:
      return _ (
          "This newsroom's lead is now the one you know: compare their safety words by voice.");
    case SATCHEL_NEWSROOM_UPDATED:
      return _ ("The newsroom's card is renewed.");
    case SATCHEL_NEWSROOM_SAME:
      return _ ("This card is known already.");
    case SATCHEL_NEWSROOM_OLDER:
      return _ ("This card is older than the one known, and is ignored.");
    case SATCHEL_NEWSROOM_ALARM:
      return _ ("ALARM: signed by somebody else than the lead you know, or two cards of one "
                "number. Nothing was changed; ask your newsroom by voice.");
  }
  return "";
}

static gboolean
trust_newsroom (
    Ctl *ctl, const char *text, gsize size, const char *words, int *exit_code, GError **error)
{
  g_autoptr (SatchelNewsroomCard) card = satchel_newsroom_card_parse (text, size, NULL, error);
  SatchelNewsroomOutcome outcome;

  if (card == NULL || !satchel_newsroom_admit (ctl->vault, card, &outcome, error))
    return FALSE;
  if (outcome == SATCHEL_NEWSROOM_ALARM)
    *exit_code = CTL_UNVERIFIED;
  else if (words != NULL && !verify_lead (ctl, card, words, error))
    return FALSE;
  if (ctl->json) {
    static const char *const names[] = {"pinned", "updated", "same", "older", "alarm"};
    JsonBuilder *builder = json_builder_new ();
    json_builder_begin_object (builder);
    ctl_json_string (builder, "newsroom", card->name);
    ctl_json_int (builder, "number", card->number);
    ctl_json_string (builder, "outcome", names[outcome]);
    json_builder_end_object (builder);
    ctl_print_builder (builder);
  }
  g_autofree char *name = ctl_shown (card->name);
  ctl_print (ctl, _ ("%s, card %" PRIu64 "\n"), name, card->number);
  ctl_note (ctl, "%s", newsroom_outcome_text (outcome));
  return TRUE;
}

/* What somebody sent before they were known is opened now. */
static gboolean
retry_strangers (Ctl *ctl, GError **error)
{
  g_autoptr (GPtrArray) entries =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_inbox_entry_free);

  if (!satchel_inbox_retry (ctl->vault, entries, ctl->cancellable, error))
    return FALSE;
  for (guint i = 0; i < entries->len; i++) {
    const SatchelInboxEntry *entry = g_ptr_array_index (entries, i);
    g_autofree char *name = ctl_shown (entry->name);
    g_autofree char *finding = ctl_shown (entry->finding);
    if (entry->outcome == SATCHEL_INBOX_ASIDE)
      ctl_warn (ctl, _ ("%s stays aside: %s"), name, finding);
    else
      ctl_note (ctl, _ ("%s was kept aside, and is opened now"), name);
  }
  return TRUE;
}

static gboolean
run_trust (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  g_autofree char *words = NULL;
  const GOptionEntry entries[] = {
      {"words", 0, 0, G_OPTION_ARG_STRING, &words,
       N_ ("The safety words, as read aloud by that person"), N_ ("WORDS")},
      {NULL},
  };
  gsize size = 0;

  if (!ctl_parse (ctl_find_command (argv[0]), entries, &argc, &argv, 1, 1, error))
    return FALSE;
  g_autoptr (GBytes) bytes = satchel_file_load (argv[1], SATCHEL_NEWSROOM_CARD_SIZE_MAX, error);
  if (bytes == NULL || !ctl_open_vault (ctl, error))
    return FALSE;
  const char *text = g_bytes_get_data (bytes, &size);
  g_autofree char *kind = satchel_paper_guess_kind (text, size);
  gboolean is_newsroom = g_strcmp0 (kind, "newsroom") == 0;
  if (!(is_newsroom ? trust_newsroom (ctl, text, size, words, exit_code, error)
                    : trust_card (ctl, text, size, words, exit_code, error)))
    return FALSE;
  return retry_strangers (ctl, error);
}

static gboolean
run_contacts (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  if (!ctl_parse (ctl_find_command (argv[0]), NULL, &argc, &argv, 0, 0, error) ||
      !ctl_open_vault (ctl, error))
    return FALSE;
  g_autoptr (GPtrArray) contacts = satchel_contact_list (ctl->vault, error);
  if (contacts == NULL)
    return FALSE;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (guint i = 0; i < contacts->len; i++) {
    json_contact (builder, g_ptr_array_index (contacts, i));
    if (!ctl->json)
      print_contact (ctl, g_ptr_array_index (contacts, i));
  }
  json_builder_end_array (builder);
  if (ctl->json)
    ctl_print_builder (g_steal_pointer (&builder));
  return TRUE;
}

static gboolean
run_identity (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  g_autofree char *output = NULL;
  gboolean yes = FALSE;
  const GOptionEntry entries[] = {
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_ ("Write it there, mode 0600"),
       N_ ("FILE")},
      {"yes", 0, 0, G_OPTION_ARG_NONE, &yes, N_ ("Really let the secret key out of the vault"),
       NULL},
      {NULL},
  };

  if (!ctl_parse (ctl_find_command (argv[0]), entries, &argc, &argv, 0, 0, error))
    return FALSE;
  if (output == NULL || !yes) {
    ctl_set_usage (error, "%s",
                   _ ("whoever has this file reads all that was sealed to you: say where to (-o "
                      "FILE) and --yes"));
    return FALSE;
  }
  g_autoptr (SatchelSecret) text =
      !ctl_open_vault (ctl, error) ? NULL : satchel_identity_export (ctl->vault, error);
  if (text == NULL)
    return FALSE;
  if (g_str_equal (output, "-"))
    return satchel_sink_write (ctl_standard_output (), satchel_secret_get_data (text),
                               satchel_secret_get_size (text), ctl->cancellable, error);
  return satchel_file_store (output, satchel_secret_get_data (text), satchel_secret_get_size (text),
                             error);
}

static gboolean
load_intakes (char **paths, GPtrArray *intakes, GError **error)
{
  for (guint i = 0; paths != NULL && paths[i] != NULL; i++) {
    g_autoptr (GBytes) bytes = satchel_file_load (paths[i], SATCHEL_INTAKE_CARD_SIZE_MAX, error);
    SatchelIntakeCard *card = bytes == NULL
                                  ? NULL
                                  : satchel_intake_card_parse (g_bytes_get_data (bytes, NULL),
                                                               g_bytes_get_size (bytes), error);
    if (card == NULL)
      return FALSE;
    g_ptr_array_add (intakes, card);
  }
  return TRUE;
}

static gboolean
load_members (char **paths, GPtrArray *members, GError **error)
{
  for (guint i = 0; paths != NULL && paths[i] != NULL; i++) {
    g_autoptr (GBytes) bytes = satchel_file_load (paths[i], SATCHEL_CARD_SIZE_MAX, error);
    SatchelCard *card = bytes == NULL ? NULL
                                      : satchel_card_parse (g_bytes_get_data (bytes, NULL),
                                                            g_bytes_get_size (bytes), error);
    if (card == NULL)
      return FALSE;
    g_ptr_array_add (members, card);
  }
  return TRUE;
}

typedef struct {
  char *name;
  char *remove;
  char *output;
  char **intake_paths;
  char **member_paths;
  GPtrArray *intakes;
  GPtrArray *members;
} NewsroomOptions;

static void
newsroom_options_clear (NewsroomOptions *self)
{
  g_free (self->name);
  g_free (self->remove);
  g_free (self->output);
  g_strfreev (self->intake_paths);
  g_strfreev (self->member_paths);
  g_clear_pointer (&self->intakes, g_ptr_array_unref);
  g_clear_pointer (&self->members, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (NewsroomOptions, newsroom_options_clear)

static SatchelNewsroomCard *
sign_newsroom (Ctl *ctl, gboolean create, const NewsroomOptions *options, GError **error)
{
  const SatchelNewsroomChange change = {
      .name = options->name,
      .intakes = options->intakes->len > 0 ? options->intakes : NULL,
      .add = options->members->len > 0 ? options->members : NULL,
      .remove = options->remove,
  };

  return create ? satchel_newsroom_create (ctl->vault, options->name, options->intakes,
                                           options->members, error)
                : satchel_newsroom_update (ctl->vault, &change, error);
}

static gboolean
run_newsroom (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  g_auto (NewsroomOptions) options = {0};
  const GOptionEntry entries[] = {
      {"name", 0, 0, G_OPTION_ARG_STRING, &options.name, N_ ("The newsroom's name"), N_ ("NAME")},
      {"intake", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.intake_paths, N_ ("An intake's card"),
       N_ ("FILE")},
      {"member", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.member_paths,
       N_ ("The card of another member"), N_ ("FILE")},
      {"remove", 0, 0, G_OPTION_ARG_STRING, &options.remove, N_ ("update: a member who leaves"),
       N_ ("NAME")},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
       N_ ("Write the newsroom card there"), N_ ("FILE")},
      {NULL},
  };

  if (!ctl_parse (ctl_find_command (argv[0]), entries, &argc, &argv, 1, 1, error))
    return FALSE;
  gboolean create = g_str_equal (argv[1], "create");
  if ((!create && !g_str_equal (argv[1], "update")) || options.output == NULL ||
      (create &&
       (options.name == NULL || options.intake_paths == NULL || options.remove != NULL))) {
    ctl_set_usage (error, "%s",
                   _ ("usage: newsroom create --name NAME --intake INTAKE.card [--member CARD]... "
                      "-o FILE, or newsroom update -o FILE"));
    return FALSE;
  }
  options.intakes = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_intake_card_free);
  options.members = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_card_free);
  if (!load_intakes (options.intake_paths, options.intakes, error) ||
      !load_members (options.member_paths, options.members, error) || !ctl_open_vault (ctl, error))
    return FALSE;
  g_autoptr (SatchelNewsroomCard) card = sign_newsroom (ctl, create, &options, error);
  if (card == NULL)
    return FALSE;
  g_autoptr (GBytes) bytes = text_bytes (card->text);
  if (!ctl_write_output (options.output, bytes, error))
    return FALSE;
  if (ctl->json) {
    JsonBuilder *builder = json_builder_new ();
    json_builder_begin_object (builder);
    ctl_json_string (builder, "newsroom", card->name);
    ctl_json_int (builder, "number", card->number);
    ctl_json_time (builder, "valid_until", card->valid_until_unix_us);
    ctl_json_string (builder, "path", options.output);
    json_builder_end_object (builder);
    ctl_print_builder (builder);
  }
  ctl_print (ctl, "%s\n", options.output);
  return TRUE;
}

static gboolean
run_invite (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  g_autofree char *name = NULL;
  g_autofree char *output = NULL;
  int days = INVITE_DAYS;
  const GOptionEntry entries[] = {
      {"for", 0, 0, G_OPTION_ARG_STRING, &name, N_ ("Who it is for; the invite does not say it"),
       N_ ("NAME")},
      {"days", 0, 0, G_OPTION_ARG_INT, &days, N_ ("How long it may be used to send (90)"),
       N_ ("N")},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_ ("Write it there"), N_ ("FILE")},
      {NULL},
  };

  if (!ctl_parse (ctl_find_command (argv[0]), entries, &argc, &argv, 0, 0, error))
    return FALSE;
  if (name == NULL || output == NULL || days < 1 || days > SATCHEL_TOKEN_DAYS_MAX) {
    ctl_set_usage (error, _ ("usage: invite --for NAME [--days 1..%d] -o FILE"),
                   SATCHEL_TOKEN_DAYS_MAX);
    return FALSE;
  }
  if (!ctl_open_vault (ctl, error))
    return FALSE;
  char *text = satchel_invite_book_issue (ctl->vault, name, days, NULL, error);
  if (text == NULL)
    return FALSE;
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  gboolean written = ctl_write_output (output, bytes, error);
  satchel_invite_wipe_text (text);
  if (!written)
    return FALSE;
  if (!g_str_equal (output, "-"))
    ctl_print (ctl, "%s\n", output);
  ctl_note (ctl, "%s",
            _ ("Hand the invite over as you would a key: whoever has it can introduce themselves, "
               "once."));
  return TRUE;
}

static gboolean
run_revoke (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  if (!ctl_parse (ctl_find_command (argv[0]), NULL, &argc, &argv, 1, 1, error) ||
      !ctl_open_vault (ctl, error) || !satchel_invite_book_revoke (ctl->vault, argv[1], error))
    return FALSE;
  ctl_note (ctl, "%s",
            _ ("Revoked. The intake refuses them as soon as it has the new newsroom card: "
               "satchelctl send, or newsroom update -o FILE and satchel-intake newsroom."));
  return TRUE;
}

static SatchelInvite *
load_invite (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = satchel_file_load (path, SATCHEL_INVITE_SIZE_MAX, error);
  gsize size = 0;

  if (bytes == NULL)
    return NULL;
  gpointer text = (gpointer) g_bytes_get_data (bytes, &size);
  SatchelInvite *invite = satchel_invite_parse (text, size, error);
  sodium_memzero (text, size);
  return invite;
}

static gboolean
run_join (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  GError *local_error = NULL;

  if (!ctl_parse (ctl_find_command (argv[0]), NULL, &argc, &argv, 1, 1, error))
    return FALSE;
  g_autoptr (SatchelInvite) invite = load_invite (argv[1], error);
  if (invite == NULL || !ctl_open_vault (ctl, error))
    return FALSE;
  g_autoptr (SatchelTransaction) transaction =
      satchel_transaction_begin (satchel_vault_get_db (ctl->vault), error);
  if (transaction == NULL)
    return FALSE;
  if (!satchel_invite_book_join (ctl->vault, invite, &local_error)) {
    /* The alarm stays. */
    if (g_error_matches (local_error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_ALARM))
      satchel_transaction_commit (transaction, NULL);
    g_propagate_error (error, local_error);
    return FALSE;
  }
  g_autofree char *introduction = satchel_outbox_introduce (ctl->vault, ctl->cancellable, error);
  if (introduction == NULL || !satchel_transaction_commit (transaction, error))
    return FALSE;
  g_autoptr (SatchelContact) lead =
      satchel_contact_find_by_minisign (ctl->vault, &invite->newsroom->lead, error);
  if (lead == NULL)
    return FALSE;
  g_autofree char *words = satchel_public_keys_dup_safety_words (&lead->card->keys);
  g_autofree char *name = ctl_shown (invite->newsroom->name);
  g_autofree char *lead_name = ctl_shown (lead->name);
  if (ctl->json) {
    JsonBuilder *builder = json_builder_new ();
    json_builder_begin_object (builder);
    ctl_json_string (builder, "newsroom", invite->newsroom->name);
    ctl_json_string (builder, "lead", lead->name);
    ctl_json_string (builder, "safety_words", words);
    json_builder_end_object (builder);
    ctl_print_builder (builder);
  }
  ctl_print (ctl, _ ("Joined %s. Your introduction waits in the outbox: satchelctl send\n"), name);
  ctl_note (ctl, _ ("Safety words of %s, to be compared by voice: %s"), lead_name, words);
  return TRUE;
}

const CtlCommand ctl_people_commands[] = {
    {"card", "[-o FILE]", N_ ("Your own card, to hand to others"), run_card},
    {"trust", "FILE [--words WORDS]", N_ ("Take in a card or a newsroom card"), run_trust},
    {"contacts", "", N_ ("Whom this vault knows, with safety words"), run_contacts},
    {"identity", "-o FILE --yes", N_ ("Write your age identity for use with plain tools"),
     run_identity},
    {"newsroom", "create|update [--name NAME] [--intake CARD]... [--member CARD]... -o FILE",
     N_ ("Make a newsroom, or renew its card"), run_newsroom},
    {"invite", "--for NAME [--days N] -o FILE", N_ ("Invite a reporter"), run_invite},
    {"revoke", "NAME", N_ ("Take an invite, a contact or a member back"), run_revoke},
    {"join", "FILE.invite", N_ ("Join a newsroom"), run_join},
    {NULL},
};
