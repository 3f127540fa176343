/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hostile-bundle.h"

/* Inner door between the composer (hostile-bag.c) and the table (hostile-variants*.c). */

typedef struct {
  char *name;
  GBytes *content;
  /* Overrides; zeros: as ours. */
  char type;
  const char *link;
  const char *owner;
  const char *prefix;
  const char *magic; /* 8 bytes */
  const char *mode;
  const char *uid;
  const char *mtime;
  const char *size; /* 12 bytes */
  gboolean bad_checksum;
  gboolean dirty_fill;
} HostileMember;

/* When an edit happens: everything later is made from what it left. */
typedef enum {
  HOSTILE_AT_DATA,        /* members below data/ */
  HOSTILE_AT_INFO,        /* bagit.txt, bag-info.txt */
  HOSTILE_AT_MANIFEST,    /* manifest-sha256.txt */
  HOSTILE_AT_PADDING,     /* padding.bin */
  HOSTILE_AT_TAGMANIFEST, /* tagmanifest-sha256.txt */
  HOSTILE_AT_SIGNATURE,   /* its .minisig */
  HOSTILE_AT_LAYOUT,      /* all members in their order */
  HOSTILE_AT_ARCHIVE,     /* the tar's bytes */
  HOSTILE_AT_SEALED,      /* the age file's bytes */
} HostileStage;

typedef struct {
  HostileParties parties;
  SatchelSecret *signer; /* a reference; of parties.sender_pair */
  GPtrArray *data;       /* HostileMember */
  GPtrArray *layout;     /* HostileMember */
  GString *bagit;
  GString *info;
  GString *manifest;
  GString *tagmanifest;
  GString *signature;
  GByteArray *padding;
  GByteArray *archive;
  GByteArray *sealed;
  const char *comment; /* of the signature; NULL: as ours */
  char *owned_comment;
} HostileBag;

typedef struct {
  HostileVariant variant;
  HostileStage stage;
  void (*edit) (HostileBag *bag, const char *argument);
  const char *argument;
} HostileEdit;

/* The two tables, ended by one without a name. */
extern const HostileEdit hostile_text_edits[];
extern const HostileEdit hostile_archive_edits[];

HostileMember *hostile_member_new (const char *name, const void *content, gssize size_bytes);
void hostile_member_free (HostileMember *member);
HostileMember *hostile_find (GPtrArray *members, const char *name);
guint hostile_find_index (GPtrArray *members, const char *name);
void hostile_append_member (GByteArray *archive, const HostileMember *member);
