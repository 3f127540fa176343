/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "intake/satchel-intake-auth.h"
#include "intake/satchel-intake-server.h"

G_BEGIN_DECLS

/* What a connection may take, in seconds. */
#define SATCHEL_INTAKE_HANDSHAKE_S 10
#define SATCHEL_INTAKE_HEADER_S    30
#define SATCHEL_INTAKE_IDLE_S      60
#define SATCHEL_INTAKE_STALL_S     60
#define SATCHEL_INTAKE_LINGER_S    3

typedef struct _SatchelIntakeConnection SatchelIntakeConnection;
typedef struct _SatchelIntakeRequest SatchelIntakeRequest;

struct _SatchelIntakeServer {
  const SatchelIntakeSite *site;
  SatchelIntakeLimits limits;
  guint connections_max;
  guint token_connections_max;
  SatchelIntakeRunner runner;
  SatchelIntakePieces *pieces;
  SatchelIntakeLog *log;
  SatchelIntakeStore *store;
  SatchelIntakeAuth *auth;
  SoupServer *soup;
  GSocket *keep_alive[2];
  GTlsCertificate *certificate;
  guint8 certificate_sha256[32];
  GMainContext *context;
  GPtrArray *listeners;    /* of GSource */
  GHashTable *connections; /* set of SatchelIntakeConnection */
  GHashTable *requests;    /* set of SatchelIntakeRequest that are not done */
  GSource *tick;
  gint64 next_sweep_us;
  gboolean draining;
  gint64 drain_until_us;
  GFunc drained;
  gpointer drained_data;
  /* /metrics */
  guint64 n_requests;
  guint64 n_refused;
  guint64 n_uploads;
  guint64 n_finished;
  guint64 received_bytes;
  guint64 sent_bytes;
};

/* --- Connections ---------------------------------------------------------------------------- */

struct _SatchelIntakeConnection {
  SatchelIntakeServer *server;
  GSocket *socket;
  GIOStream *stream;       /* the TLS connection, or the socket's own */
  GSocketAddress *tag;     /* stands for the peer's address, and leads back here */
  GCancellable *handshake; /* NULL once it is done */
  gboolean local;
  gint64 deadline_us; /* monotonic; 0: none */
  gint64 cut_us;      /* when it was shut down; 0: not */
  guint n_requests;
  char *owner; /* of the first token seen here, for the cap */
};

/** Takes an accepted socket; eats the reference. */
void satchel_intake_connection_accept (SatchelIntakeServer *server, GSocket *socket);
/** The connection a message came on; NULL once it is gone. */
SatchelIntakeConnection *satchel_intake_connection_of (SoupServerMessage *message);
/** Gives it so much longer; 0: no limit. */
void satchel_intake_connection_allow (SatchelIntakeConnection *self, guint seconds);
/** Shuts it down; it is freed by a later tick. */
void satchel_intake_connection_cut (SatchelIntakeConnection *self);
/** Once a second: cuts what is over its time and frees what is closed. */
void satchel_intake_connections_tick (SatchelIntakeServer *server);
void satchel_intake_connection_free (SatchelIntakeConnection *self);
/** FALSE where @owner has too many connections. */
gboolean satchel_intake_connection_claim (SatchelIntakeConnection *self, const char *owner);

/* --- Requests ------------------------------------------------------------------------------- */

typedef void (*SatchelIntakeHandler) (SatchelIntakeRequest *request);
/** Blocking work of a request, elsewhere; sets request->error where it fails. */
typedef void (*SatchelIntakeWork) (SatchelIntakeRequest *request);

struct _SatchelIntakeRequest {
  SatchelIntakeServer *server;
  SoupServerMessage *message; /* NULL once it is over */
  SatchelIntakeConnection *connection;
  const char *method; /* as meant, X-HTTP-Method-Override included; interned */
  char *path;         /* as sent */
  char *query;        /* as sent; "" for none */
  char *authority;
  gboolean has_body;
  gint64 content_length; /* -1: chunked */
  SatchelIntakeAsker asker;
  char mailbox[SATCHEL_MAILBOX_ID_LENGTH + 1];
  guint8 sha256[32];
  SatchelIntakeHandler finish; /* once the request was read, where nothing answered before */
  gboolean paused;
  gboolean answered;
  guint64 thrown_away_bytes;

  /* A small body that is kept. */
  GByteArray *content;
  gsize content_max;

  /* Work elsewhere. */
  SatchelIntakeWork work;
  SatchelIntakeHandler worked;
  gboolean working;
  GError *error;
  SatchelIntakeEntry entry;
  char *receipt; /* of the entry, where there is one */

  /* Uploads. */
  SatchelIntakeUpload *upload;
  SatchelIntakeRequest *successor; /* waits for the upload */
  SatchelIntakeHandler taken;
  SatchelIntakeBody *body;
  guint64 offset_bytes;
  guint64 length_bytes;
  gboolean has_checksum;
  guint8 checksum[32];
  gboolean body_read;

  /* Waiting and sending. */
  guint64 after;
  GSource *timer;
  int fd;
  guint64 send_from;
  guint64 send_left;
};

/** Connects the server's handlers. */
void satchel_intake_requests_attach (SatchelIntakeServer *server);
SatchelIntakeRequest *satchel_intake_request_ref (SatchelIntakeRequest *self);
void satchel_intake_request_unref (SatchelIntakeRequest *self);

const char *satchel_intake_request_header (SatchelIntakeRequest *self, const char *name);
void satchel_intake_request_set (SatchelIntakeRequest *self, const char *name, const char *value);
void
satchel_intake_request_set_number (SatchelIntakeRequest *self, const char *name, guint64 value);
/** Answers, once; later ones are dropped. @body nullable, @type with it. */
void satchel_intake_request_answer (SatchelIntakeRequest *self,
                                    guint status,
                                    const char *type,
                                    const char *body);
void satchel_intake_request_refuse (SatchelIntakeRequest *self, const GError *error);
void satchel_intake_request_refuse_with (SatchelIntakeRequest *self,
                                         SatchelIntakeError code,
                                         const char *sentence);
void satchel_intake_request_pause (SatchelIntakeRequest *self);
void satchel_intake_request_unpause (SatchelIntakeRequest *self);
/** Does @work elsewhere while the message rests, then calls @worked here. */
void satchel_intake_request_run (SatchelIntakeRequest *self,
                                 SatchelIntakeWork work,
                                 SatchelIntakeHandler worked);
/** Finds out who asks, or refuses. */
gboolean satchel_intake_request_identify (SatchelIntakeRequest *self);
/** A query parameter, or NULL. */
char *satchel_intake_request_dup_parameter (SatchelIntakeRequest *self, const char *name);

/* --- What is answered ----------------------------------------------------------------------- */

/** Both return FALSE where the path is not theirs. They are called when the headers are there, set
 *  self->finish or answer. */
gboolean satchel_intake_route_upload (SatchelIntakeRequest *self);
gboolean satchel_intake_route_mailbox (SatchelIntakeRequest *self);

/** A piece of a body with an upload behind it. */
void satchel_intake_upload_got_chunk (SatchelIntakeRequest *self,
                                      const guint8 *data,
                                      gsize size_bytes);
/** The request is over, or the line broke. */
void satchel_intake_upload_over (SatchelIntakeRequest *self);
void satchel_intake_mailbox_over (SatchelIntakeRequest *self);
/** Something came to a mailbox: answers those who wait for it. */
void satchel_intake_mailbox_wake (SatchelIntakeServer *server, const char *mailbox);
void satchel_intake_mailbox_wake_all (SatchelIntakeServer *server);

G_END_DECLS
