/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "vault/satchel-vault.h"

G_BEGIN_DECLS

/**
 * What every command of satchelctl shares: the global options, the open vault, output for people
 * and for scripts, and the way from an error to an exit code. The contract is the page "Command
 * line" of the design and satchelctl(1).
 */
typedef enum {
  CTL_DONE = 0,
  CTL_USAGE = 1,
  CTL_LOCKED_OUT = 2,
  CTL_NOT_FOUND = 3,
  CTL_UNVERIFIED = 4,
  CTL_UNTRUSTED = 5,
  CTL_UNREACHABLE = 6,
  CTL_NO_SPACE = 7,
  CTL_BUSY = 8,
} CtlExit;

typedef struct {
  char *folder;          /* the vault's folder, never NULL */
  char *passphrase_file; /* NULL: ask on the terminal */
  gboolean json;
  gboolean quiet;
  GCancellable *cancellable; /* cancelled by SIGINT and SIGTERM */
  SatchelPool *pool;
  SatchelVault *vault; /* NULL until ctl_open_vault() */
} Ctl;

/** A command: @argv[0] is its name. Returns TRUE and sets *@exit_code (0 from the start) or FALSE
 * with an error. */
typedef gboolean (*CtlRun) (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error);

typedef struct {
  const char *name;
  const char *arguments; /* as in the synopsis */
  const char *summary;   /* translatable, one line */
  CtlRun run;
} CtlCommand;

/** Each family's table, ended by a NULL name. */
extern const CtlCommand ctl_vault_commands[];
extern const CtlCommand ctl_key_commands[];
extern const CtlCommand ctl_record_commands[];
extern const CtlCommand ctl_list_commands[];
extern const CtlCommand ctl_people_commands[];
extern const CtlCommand ctl_sync_commands[];
extern const CtlCommand ctl_inbox_commands[];
extern const CtlCommand ctl_proof_commands[];
extern const CtlCommand ctl_tool_commands[];

/** All families, ended by NULL. */
extern const CtlCommand *const ctl_families[];

/** Wrong usage: exit 1. */
#define CTL_ERROR (ctl_error_quark ())
GQuark ctl_error_quark (void);
void ctl_set_usage (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

/** The exit code for an error of any room. */
int ctl_exit_code (const GError *error);

/**
 * Parses a command's own options; what is left in @argv are its operands, between @min and @max of
 * them
 * (@max -1: any number). `--help` prints the command's help and ends the program with 0.
 */
gboolean ctl_parse (const CtlCommand *command,
                    const GOptionEntry *entries,
                    int *argc,
                    char ***argv,
                    int min,
                    int max,
                    GError **error);
/** The table entry for a command name, for ctl_parse(). */
const CtlCommand *ctl_find_command (const char *name);

/** Opens ctl->vault with the passphrase; warnings of the vault go to standard error. */
gboolean ctl_open_vault (Ctl *ctl, GError **error);

/** A passphrase from @file, from standard input ("-"), or (NULL) asked for with @prompt, twice if
 *  @twice. One line end at its end is not part of it. */
SatchelSecret *
ctl_read_passphrase (const char *file, const char *prompt, gboolean twice, GError **error);

/** Warns where a passphrase that a person made up may be guessed. */
void ctl_warn_weak (SatchelSecret *passphrase);

/** The age identities in a file as `age -i` reads it. Of SatchelSecret, owned. */
GPtrArray *ctl_load_identities (const char *file, GError **error);

/** Text for people on standard output; nothing where --json was given. */
void ctl_print (Ctl *ctl, const char *format, ...) G_GNUC_PRINTF (2, 3);
/** A message on standard error; nothing where --quiet was given. */
void ctl_note (Ctl *ctl, const char *format, ...) G_GNUC_PRINTF (2, 3);
/** A warning on standard error, --quiet or not. */
void ctl_warn (Ctl *ctl, const char *format, ...) G_GNUC_PRINTF (2, 3);

/** Whether this run has written its answer to standard output. */
gboolean ctl_has_answered (void);

/** Prints the one JSON value of a --json run; eats @node. */
void ctl_print_json (JsonNode *node);
/** The same for what a builder made; eats @builder. */
void ctl_print_builder (JsonBuilder *builder);
void ctl_json_string (JsonBuilder *builder,
                      const char *member,
                      const char *value); /* NULL becomes null */
void ctl_json_int (JsonBuilder *builder, const char *member, gint64 value);
void ctl_json_bool (JsonBuilder *builder, const char *member, gboolean value);
void ctl_json_hex (JsonBuilder *builder, const char *member, const guint8 *data, gsize size_bytes);
void ctl_json_time (JsonBuilder *builder,
                    const char *member,
                    gint64 unix_us); /* UTC text; 0 becomes null */

/** A progress bar on standard error where that is a terminal, after the first second; else nothing.
 */
SatchelProgressReport ctl_progress (Ctl *ctl, const char *doing);
void ctl_progress_end (Ctl *ctl);

/** "3.2 MB" */
char *ctl_format_size (guint64 size_bytes);

/** Local time for people: "9 Mar 2024 14:05". */
char *ctl_format_time (gint64 unix_us);

/** Text that came from outside, fit for a terminal. */
char *ctl_shown (const char *text);

/** The language that labels are shown in. Borrowed. */
const char *ctl_language (void);

/** Standard output as a sink. */
SatchelSink ctl_standard_output (void);

/** Writes @bytes to @path (mode 0600), durably, or to standard output for "-". */
gboolean ctl_write_output (const char *path, GBytes *bytes, GError **error);

G_END_DECLS
