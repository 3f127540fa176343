/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "records/satchel-record.h"

G_BEGIN_DECLS

/** The reports of a bundle, sent or received. */
typedef struct {
  char *id;    /* NULL: it was erased here */
  char *title; /* says so, then */
  char *kind;  /* its label; NULL where it was erased */
  char *place; /* nullable; filter for display */
  gint64 when_us;
  gint64 changed_us; /* its latest revision */
} SatchelBundleReport;

/** From any thread that has the vault. An erased report is none that is missing. */
SatchelBundleReport *
satchel_bundle_report_load (SatchelVault *vault, const char *id, GError **error);
void satchel_bundle_report_free (SatchelBundleReport *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelBundleReport, satchel_bundle_report_free)

/** What a bundle with @records (strv, nullable) and this report first is called: its title, and how
 *  many more there are. The caller's. */
char *satchel_bundle_report_dup_heading (const SatchelBundleReport *self, char **records);

/** All of @records (strv, nullable). Of SatchelBundleReport, owned. */
GPtrArray *satchel_bundle_reports_load (SatchelVault *vault, char **records, GError **error);

/** Makes @group show them, each a row that opens it; hides it where there is none. */
void satchel_bundle_reports_show (AdwPreferencesGroup *group, GPtrArray *reports);

G_END_DECLS
