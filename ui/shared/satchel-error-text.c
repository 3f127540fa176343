/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shared/satchel-error-text.h"

#include <glib/gi18n.h>

#include "base/satchel-error.h"
#include "base/satchel-text.h"
#include "join/satchel-join-job.h"
#include "papers/satchel-papers-error.h"
#include "people/satchel-people-error.h"
#include "records/satchel-records-error.h"
#include "recorder/satchel-microphone.h"
#include "seal/satchel-seal-error.h"
#include "secret/satchel-secret.h"
#include "session/satchel-session.h"
#include "sync/satchel-sync-error.h"
#include "vault/satchel-db.h"
#include "viewer/satchel-viewer.h"

typedef struct {
  int code;
  gboolean with_message; /* the core's words name what is wrong: they follow */
  const char *sentence;
  const char *advice; /* nullable */
} Words;

static const Words BASE[] = {
    {SATCHEL_BASE_ERROR_NO_SPACE, FALSE, N_ ("The disk is full."),
     N_ ("Nothing is lost. Free some space and try again.")},
    {SATCHEL_BASE_ERROR_IO, FALSE, N_ ("A file could not be read or written."),
     N_ ("Check that the disk or stick is still connected, then try again.")},
    {SATCHEL_BASE_ERROR_NOT_FOUND, FALSE, N_ ("The file is not there any more."),
     N_ ("Choose it again.")},
    {SATCHEL_BASE_ERROR_EXISTS, FALSE, N_ ("A file of this name exists already."),
     N_ ("Choose another name.")},
    {SATCHEL_BASE_ERROR_BUSY, FALSE, N_ ("Another program is using this."),
     N_ ("Close it there and try again.")},
    {SATCHEL_BASE_ERROR_TOO_LARGE, FALSE, N_ ("This is larger than what can be taken in."), NULL},
    {SATCHEL_BASE_ERROR_INVALID, TRUE, N_ ("This cannot be read."), NULL},
};

static const Words SECRET[] = {
    {SATCHEL_SECRET_ERROR_MEMORY, FALSE,
     N_ ("This computer has no protected memory left for keys."),
     N_ ("Close other programs and try again.")},
    {SATCHEL_SECRET_ERROR_WRONG, FALSE, N_ ("That is not right."),
     N_ ("Check each word and try again.")},
    {SATCHEL_SECRET_ERROR_DAMAGED, FALSE, N_ ("The file with the vault's keys is damaged."),
     N_ ("Restore the vault from a backup.")},
    {SATCHEL_SECRET_ERROR_NEWER, FALSE, N_ ("A newer Satchel made this vault."),
     N_ ("Install the newer version. Nothing was changed.")},
    {SATCHEL_SECRET_ERROR_PARAMETERS, FALSE, N_ ("The file with the vault's keys is damaged."),
     N_ ("Restore the vault from a backup.")},
    {SATCHEL_SECRET_ERROR_WEAK, FALSE, N_ ("This passphrase is too easy to guess."),
     N_ ("Take the five words, or more of your own.")},
};

static const Words SEAL[] = {
    {SATCHEL_SEAL_ERROR_HEADER, FALSE, N_ ("This is not a sealed bundle, or it is damaged."),
     N_ ("Ask for it to be sent again.")},
    {SATCHEL_SEAL_ERROR_NO_MATCH, FALSE, N_ ("This bundle is sealed for somebody else."), NULL},
    {SATCHEL_SEAL_ERROR_HEADER_MAC, FALSE, N_ ("This bundle was changed after sealing."),
     N_ ("Ask for it to be sent again, and tell the sender.")},
    {SATCHEL_SEAL_ERROR_PAYLOAD, FALSE, N_ ("This bundle is damaged or cut short."),
     N_ ("Ask for it to be sent again.")},
    {SATCHEL_SEAL_ERROR_ARCHIVE, TRUE, N_ ("This bundle breaks a rule, and was not taken in."),
     NULL},
    {SATCHEL_SEAL_ERROR_BAG, TRUE, N_ ("This bundle breaks a rule, and was not taken in."), NULL},
    {SATCHEL_SEAL_ERROR_SIGNATURE, FALSE, N_ ("The signature is not the sender's."),
     N_ ("Do not rely on this. Ask the sender by another way.")},
    {SATCHEL_SEAL_ERROR_LIMIT, TRUE, N_ ("This is more than a bundle can hold."),
     N_ ("Seal it in several parts.")},
    {SATCHEL_SEAL_ERROR_KEY, FALSE, N_ ("A key is not one that can be used."),
     N_ ("Ask for a new card.")},
};

static const Words PAPERS[] = {
    {SATCHEL_PAPERS_ERROR_INVALID, TRUE, N_ ("This paper cannot be read."),
     N_ ("Ask for it again.")},
    {SATCHEL_PAPERS_ERROR_OTHER_KIND, FALSE, N_ ("This is another kind of paper."),
     N_ ("Choose the file that your newsroom gave you for this.")},
    {SATCHEL_PAPERS_ERROR_NEWER, FALSE, N_ ("A newer Satchel wrote this paper."),
     N_ ("Install the newer version.")},
    {SATCHEL_PAPERS_ERROR_SIGNATURE, FALSE, N_ ("The signature on this paper is wrong."),
     N_ ("It may have been changed on its way: ask for it by another way.")},
    {SATCHEL_PAPERS_ERROR_MISMATCH, FALSE, N_ ("This paper was made for somebody else."),
     N_ ("Ask for your own.")},
    {SATCHEL_PAPERS_ERROR_EXPIRED, FALSE, N_ ("This paper has expired."),
     N_ ("Ask your newsroom for a new one.")},
    {SATCHEL_PAPERS_ERROR_REVOKED, FALSE, N_ ("This paper was taken back by the newsroom."),
     N_ ("Talk to your newsroom.")},
    {SATCHEL_PAPERS_ERROR_STALE, FALSE, N_ ("This paper is older than one that is known."), NULL},
};

static const Words VAULT[] = {
    {SATCHEL_VAULT_ERROR_NO_VAULT, FALSE, N_ ("There is no vault here."), NULL},
    {SATCHEL_VAULT_ERROR_WRONG_PASSPHRASE, FALSE, N_ ("This passphrase does not open the vault."),
     N_ ("Check each word, also the keyboard's language, and try again.")},
    {SATCHEL_VAULT_ERROR_BUSY, FALSE, N_ ("The vault is open in another window or program."),
     N_ ("Close it there and try again.")},
    {SATCHEL_VAULT_ERROR_NEWER, FALSE, N_ ("A newer Satchel made this vault."),
     N_ ("Install the newer version. Nothing was changed.")},
    {SATCHEL_VAULT_ERROR_DAMAGED, FALSE, N_ ("The vault is damaged, or somebody changed it."),
     N_ ("Do not write into it. Restore it from a backup, and keep this one for examination.")},
    {SATCHEL_VAULT_ERROR_NO_SPACE, FALSE, N_ ("The disk is full."),
     N_ ("Nothing is lost. Free some space and try again.")},
    {SATCHEL_VAULT_ERROR_IO, FALSE, N_ ("The vault could not be read or written."),
     N_ ("Check that the disk or stick is still connected, then try again.")},
    {SATCHEL_VAULT_ERROR_CONSTRAINT, FALSE, N_ ("The vault refused this change."), NULL},
    {SATCHEL_VAULT_ERROR_CIPHER, FALSE, N_ ("This computer's SQLCipher cannot be used."),
     N_ ("Install Satchel anew.")},
    {SATCHEL_VAULT_ERROR_NOT_FOUND, FALSE, N_ ("This is not in the vault any more."), NULL},
    {SATCHEL_VAULT_ERROR_EXISTS, FALSE, N_ ("Something stands there already."),
     N_ ("Choose another folder.")},
};

static const Words RECORDS[] = {
    {SATCHEL_RECORDS_ERROR_NO_SUCH_KIND, FALSE, N_ ("This Satchel does not know this kind."),
     N_ ("Install the newer version.")},
    {SATCHEL_RECORDS_ERROR_NO_SUCH_FIELD, FALSE, N_ ("This Satchel does not know this field."),
     N_ ("Install the newer version.")},
    {SATCHEL_RECORDS_ERROR_INVALID_VALUE, TRUE, N_ ("One answer cannot be kept like this."), NULL},
    {SATCHEL_RECORDS_ERROR_INVALID_KIND, TRUE, N_ ("The file of a kind is wrong."), NULL},
    {SATCHEL_RECORDS_ERROR_TOO_LARGE, FALSE, N_ ("This text is too long."),
     N_ ("Put a part of it into another report, or attach it as a file.")},
    {SATCHEL_RECORDS_ERROR_NOT_FOUND, FALSE, N_ ("This report is not in the vault any more."),
     NULL},
    {SATCHEL_RECORDS_ERROR_AMBIGUOUS, FALSE, N_ ("More than one fits."), NULL},
    {SATCHEL_RECORDS_ERROR_FINAL, FALSE, N_ ("This report was sealed, and stays as it is."),
     N_ ("Say why you change it: the change is then kept beside it.")},
    {SATCHEL_RECORDS_ERROR_HELD, FALSE, N_ ("This report is kept for a legal matter."),
     N_ ("Ask your lawyer before it is erased.")},
    {SATCHEL_RECORDS_ERROR_FORKED, FALSE, N_ ("There are two histories of the same report."),
     N_ ("Do not rely on either before you have asked the sender.")},
    {SATCHEL_RECORDS_ERROR_TRACES, FALSE,
     N_ ("It is erased, but traces of it are still on the disk, which is full."),
     N_ ("Free some space, then lock the vault and open it again.")},
    {SATCHEL_RECORDS_ERROR_DAMAGED, FALSE, N_ ("A report is damaged, or somebody changed it."),
     N_ ("Restore the vault from a backup, and keep this one for examination.")},
};

static const Words PEOPLE[] = {
    {SATCHEL_PEOPLE_ERROR_NO_IDENTITY, FALSE, N_ ("This vault belongs to nobody."), NULL},
    {SATCHEL_PEOPLE_ERROR_NO_NEWSROOM, FALSE, N_ ("You have not joined a newsroom yet."),
     N_ ("Open the invite that your newsroom gave you.")},
    {SATCHEL_PEOPLE_ERROR_NOT_LEAD, FALSE, N_ ("Only the newsroom's lead can do this."), NULL},
    {SATCHEL_PEOPLE_ERROR_NO_TOKEN, FALSE, N_ ("You have no invite from a newsroom yet."),
     N_ ("Open the invite that your newsroom gave you.")},
    {SATCHEL_PEOPLE_ERROR_NOT_FOUND, FALSE, N_ ("Nobody of this name is known here."), NULL},
    {SATCHEL_PEOPLE_ERROR_NO_MEMBER, FALSE, N_ ("There is nobody else in the newsroom yet."),
     N_ ("Whoever leads it adds the cards of its members under People.")},
    {SATCHEL_PEOPLE_ERROR_AMBIGUOUS, FALSE, N_ ("More than one person fits."), NULL},
    {SATCHEL_PEOPLE_ERROR_EXISTS, FALSE, N_ ("That is known here already."), NULL},
    {SATCHEL_PEOPLE_ERROR_WORDS, FALSE, N_ ("These are not this person's safety words."),
     N_ ("Compare them again by voice. If they stay different, somebody stands between you.")},
    {SATCHEL_PEOPLE_ERROR_ALARM, TRUE, N_ ("These are other keys than the ones that are known."),
     N_ ("Nothing was changed. Ask the person by another way before you trust this.")},
    {SATCHEL_PEOPLE_ERROR_DAMAGED, FALSE, N_ ("What the vault knows of people is damaged."),
     N_ ("Restore the vault from a backup, and keep this one for examination.")},
};

static const Words SYNC[] = {
    {SATCHEL_SYNC_ERROR_UNTRUSTED, FALSE,
     N_ ("The other side is not the newsroom's server, or it does not tell the truth."),
     N_ ("What is sealed waits here, and nobody but its recipients can read it. Try another "
         "network, "
         "and tell your newsroom.")},
    {SATCHEL_SYNC_ERROR_CLOCK, FALSE, N_ ("This computer's clock is wrong."),
     N_ ("Nothing was sent. Set date and time, then try again.")},
    {SATCHEL_SYNC_ERROR_TOKEN, FALSE, N_ ("The newsroom does not accept your invite any more."),
     N_ ("What is sealed waits here. Ask your newsroom for a new invite.")},
    {SATCHEL_SYNC_ERROR_WAITING, FALSE, N_ ("Your own rules say to wait."), NULL},
    {SATCHEL_SYNC_ERROR_UNREACHABLE, FALSE, N_ ("The newsroom cannot be reached from here."),
     N_ ("Nothing is lost: what is sealed is sent when there is a connection.")},
    {SATCHEL_SYNC_ERROR_PROTOCOL, FALSE, N_ ("The newsroom's server gave an answer with no sense."),
     N_ ("It is tried again later. Tell your newsroom if it stays.")},
    {SATCHEL_SYNC_ERROR_QUOTA, FALSE, N_ ("The newsroom's server has no room for this."),
     N_ ("Tell your newsroom. What is sealed waits here.")},
    {SATCHEL_SYNC_ERROR_NOT_FOUND, FALSE, N_ ("This bundle is not here any more."), NULL},
    {SATCHEL_SYNC_ERROR_STATE, FALSE, N_ ("That is not possible at this point."), NULL},
    {SATCHEL_SYNC_ERROR_REFUSED, FALSE, N_ ("A receipt was wrong, and was not believed."),
     N_ ("Keep your own copy, and tell your newsroom.")},
    {SATCHEL_SYNC_ERROR_DAMAGED, FALSE, N_ ("What the vault knows of its bundles is damaged."),
     N_ ("Restore the vault from a backup, and keep this one for examination.")},
};

static const Words SESSION[] = {
    {SATCHEL_SESSION_ERROR_LOCKED, FALSE, N_ ("The vault is locked."), N_ ("Unlock it first.")},
};

static const Words VIEWER[] = {
    {SATCHEL_VIEWER_ERROR_MISSING, FALSE, N_ ("The part of Satchel that shows files is missing."),
     N_ ("Install Satchel anew.")},
    {SATCHEL_VIEWER_ERROR_DAMAGED, FALSE, N_ ("This file is damaged, or not what its name says."),
     N_ ("It is kept as it came; it just cannot be shown.")},
    {SATCHEL_VIEWER_ERROR_TOO_LARGE, FALSE, N_ ("This picture is too large to be shown."),
     N_ ("It is kept as it came.")},
    {SATCHEL_VIEWER_ERROR_LOCKED, FALSE, N_ ("This PDF has a password of its own."),
     N_ ("Save a copy and open it with a PDF reader.")},
    {SATCHEL_VIEWER_ERROR_NO_PAGE, FALSE, N_ ("There is no such page."), NULL},
    {SATCHEL_VIEWER_ERROR_CRASHED, FALSE, N_ ("Showing this file failed, and was stopped."),
     N_ ("The file may be hostile. It did no harm: do not open it outside Satchel.")},
    {SATCHEL_VIEWER_ERROR_CONTENT, FALSE, N_ ("The vault's copy of this file cannot be read."),
     N_ ("It is damaged, or somebody changed it. Restore the vault from a backup, and keep this "
         "one for examination.")},
    {SATCHEL_VIEWER_ERROR_FORMAT, FALSE,
     N_ ("This sound or video is in a format that cannot be played here."),
     N_ ("It is kept as it came. A copy that is saved outside the vault may open in another "
         "program.")},
    {SATCHEL_VIEWER_ERROR_TOO_LONG, FALSE, N_ ("Showing this file took too long, and was stopped."),
     N_ ("The file may be hostile. It did no harm: do not open it outside Satchel.")},
};

static const Words MICROPHONE[] = {
    {SATCHEL_MICROPHONE_ERROR_MISSING, FALSE, N_ ("A part that recording needs is missing."),
     N_ ("Install Satchel anew.")},
    {SATCHEL_MICROPHONE_ERROR_NONE, FALSE, N_ ("No microphone can be heard."),
     N_ ("Connect one, or choose it in the system's sound settings, and try again.")},
    {SATCHEL_MICROPHONE_ERROR_LOST, FALSE, N_ ("The microphone is gone."),
     N_ ("Connect it and try again.")},
    {SATCHEL_MICROPHONE_ERROR_FULL, FALSE, N_ ("The vault was at other work for too long."),
     N_ ("Wait until that is done, and try again.")},
};

static const Words JOIN[] = {
    {SATCHEL_JOIN_ERROR_OTHER_NEWSROOM, FALSE,
     N_ ("This is of another newsroom than the one that you belong to."),
     N_ ("Nothing was changed: a vault belongs to one newsroom. If yours sent you this, ask them "
         "by "
         "another way.")},
    {SATCHEL_JOIN_ERROR_USED, FALSE, N_ ("You have used this invite already."),
     N_ ("You belong to this newsroom: there is nothing more to do.")},
    {SATCHEL_JOIN_ERROR_LEAD, FALSE, N_ ("You lead this newsroom yourself."),
     N_ ("There is nothing to join.")},
};

typedef struct {
  GQuark (*quark) (void);
  const Words *words;
  gsize count;
} Domain;

static const Domain DOMAINS[] = {
    {satchel_base_error_quark, BASE, G_N_ELEMENTS (BASE)},
    {satchel_secret_error_quark, SECRET, G_N_ELEMENTS (SECRET)},
    {satchel_seal_error_quark, SEAL, G_N_ELEMENTS (SEAL)},
    {satchel_papers_error_quark, PAPERS, G_N_ELEMENTS (PAPERS)},
    {satchel_vault_error_quark, VAULT, G_N_ELEMENTS (VAULT)},
    {satchel_records_error_quark, RECORDS, G_N_ELEMENTS (RECORDS)},
    {satchel_people_error_quark, PEOPLE, G_N_ELEMENTS (PEOPLE)},
    {satchel_sync_error_quark, SYNC, G_N_ELEMENTS (SYNC)},
    {satchel_session_error_quark, SESSION, G_N_ELEMENTS (SESSION)},
    {satchel_join_error_quark, JOIN, G_N_ELEMENTS (JOIN)},
    {satchel_viewer_error_quark, VIEWER, G_N_ELEMENTS (VIEWER)},
    {satchel_microphone_error_quark, MICROPHONE, G_N_ELEMENTS (MICROPHONE)},
};

static const Words *
find_words (const GError *error)
{
  for (guint i = 0; i < G_N_ELEMENTS (DOMAINS); i++)
    if (error->domain == DOMAINS[i].quark ())
      for (gsize j = 0; j < DOMAINS[i].count; j++)
        if (DOMAINS[i].words[j].code == error->code)
          return &DOMAINS[i].words[j];
  return NULL;
}

char *
satchel_error_text_dup (const GError *error)
{
  const Words *words = find_words (error);

  if (words != NULL && !words->with_message)
    return g_strdup (_ (words->sentence));
  g_autofree char *shown = satchel_text_for_display (error->message, 300);
  if (words != NULL)
    return g_strdup_printf ("%s (%s)", _ (words->sentence), shown);
  /* Translators: %s is a technical message in English. */
  return g_strdup_printf (_ ("Something went wrong: %s"), shown);
}

const char *
satchel_error_text_get_advice (const GError *error)
{
  const Words *words = find_words (error);

  return words != NULL && words->advice != NULL ? _ (words->advice) : NULL;
}

char *
satchel_error_text_dup_whole (const GError *error)
{
  g_autofree char *sentence = satchel_error_text_dup (error);
  const char *advice = satchel_error_text_get_advice (error);

  return advice != NULL ? g_strconcat (sentence, " ", advice, NULL) : g_steal_pointer (&sentence);
}

gboolean
satchel_error_text_is_silent (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
         g_error_matches (error, SATCHEL_SESSION_ERROR, SATCHEL_SESSION_ERROR_LOCKED);
}
