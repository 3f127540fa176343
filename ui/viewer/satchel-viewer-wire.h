/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * What the app and satchel-viewer say to each other over one socketpair. The viewer decodes hostile
 * bytes in a process that can open nothing: it asks for ranges of the content, and gives pixels
 * back. Each message is a header and its payload; numbers are this machine's. The app believes
 * nothing of what comes: every length is compared with what was asked.
 *
 *   app                          viewer
 *                                READY
 *   OPEN   SatchelViewerOpen
 *   RENDER SatchelViewerRender
 *                                READ    SatchelViewerRange     (any number of times)
 *   DATA   the bytes
 *                                PICTURE SatchelViewerPicture, then height * width * 4 bytes
 *                          or    FAILED  SatchelViewerFailure
 *   LOOK                                                       (with READ and DATA as above)
 *                                PLACE   SatchelViewerPlace
 *
 * Sound and video are played by a viewer that was started with SATCHEL_VIEWER_PLAYS as its
 * argument. It draws a still of a video when it is asked to RENDER page 0. After PLAY it answers
 * each ASK with one piece, sound and frames apart from each other, while it reads ahead; what was
 * asked before a SEEK is answered with the older round, or never.
 *
 *   app                          viewer
 *   PLAY   SatchelViewerRender   (what frames fit into at first)
 *                                FACTS  SatchelViewerFacts     (or FAILED, at any time)
 *   ASK_SOUND SatchelViewerAsk
 *                                SOUND  SatchelViewerPiece, then samples; without: the end
 *   ASK_FRAME SatchelViewerAsk
 *                                FRAME  SatchelViewerPiece, then pixels; without: the end
 *   SEEK   SatchelViewerSeek
 */
#define SATCHEL_VIEWER_FD         3 /* the viewer's end */
#define SATCHEL_VIEWER_RANGE_MAX  (256 * 1024)
#define SATCHEL_VIEWER_SIDE_MAX   4096      /* pixels of a picture that is given back */
#define SATCHEL_VIEWER_PIXELS_MAX 250000000 /* of one that is decoded */
#define SATCHEL_VIEWER_PAGES_MAX  100000
#define SATCHEL_VIEWER_PLAYS      "play"
#define SATCHEL_VIEWER_FRAME_MAX  1920 /* pixels of a side of a frame */
#define SATCHEL_VIEWER_SOUND_MAX  (64 * 1024)
#define SATCHEL_VIEWER_SOUND_RATE 48000 /* a second; 16 bits signed, left and right in turn */
/* No position or duration is beyond 1000 hours. */
#define SATCHEL_VIEWER_TIME_MAX_US (1000 * 3600 * (gint64) G_USEC_PER_SEC)

typedef enum {
  SATCHEL_VIEWER_READY = 1,
  SATCHEL_VIEWER_OPEN,
  SATCHEL_VIEWER_RENDER,
  SATCHEL_VIEWER_READ,
  SATCHEL_VIEWER_DATA,
  SATCHEL_VIEWER_PICTURE,
  SATCHEL_VIEWER_FAILED,
  SATCHEL_VIEWER_PLAY,
  SATCHEL_VIEWER_FACTS,
  SATCHEL_VIEWER_ASK_SOUND,
  SATCHEL_VIEWER_ASK_FRAME,
  SATCHEL_VIEWER_SOUND,
  SATCHEL_VIEWER_FRAME,
  SATCHEL_VIEWER_SEEK,
  SATCHEL_VIEWER_LOOK,
  SATCHEL_VIEWER_PLACE,
} SatchelViewerMessage;

typedef struct {
  guint32 message;
  guint32 size_bytes; /* of the payload */
} SatchelViewerHeader;

/** Of the content, as it was found out at capture. Only what is in a container of sound or video is
 *  found out in the viewer. */
typedef enum {
  SATCHEL_VIEWER_KIND_JPEG = 1,
  SATCHEL_VIEWER_KIND_PNG,
  SATCHEL_VIEWER_KIND_GIF,
  SATCHEL_VIEWER_KIND_TIFF,
  SATCHEL_VIEWER_KIND_BMP,
  SATCHEL_VIEWER_KIND_PDF,
  SATCHEL_VIEWER_KIND_SOUND,
  SATCHEL_VIEWER_KIND_VIDEO,
} SatchelViewerKind;

typedef struct {
  guint64 size_bytes; /* of the content */
  guint32 kind;
  guint32 reserved;
} SatchelViewerOpen;

/** The picture is made to fit into @width and @height, and never larger than it is. */
typedef struct {
  guint32 page; /* from 0 */
  guint32 width;
  guint32 height;
} SatchelViewerRender;

typedef struct {
  guint64 offset;
  guint32 size_bytes;
  guint32 reserved;
} SatchelViewerRange;

/** RGBA, 8 bits each, alpha not multiplied in, rows without gaps. */
typedef struct {
  guint32 width;
  guint32 height;
  guint32 pages;
} SatchelViewerPicture;

/** What can be played. */
typedef struct {
  gint64 duration_us; /* 0: not known */
  guint32 has_sound;
  guint32 has_frames;
  guint32 is_partial; /* it has more, in a format that cannot be decoded */
  guint32 reserved;
} SatchelViewerFacts;

/** @width and @height: what a frame is made to fit into, without ever being made larger; of sound
 *  ignored. */
typedef struct {
  guint32 round; /* the last SEEK's, at first 0 */
  guint32 width;
  guint32 height;
  guint32 reserved;
} SatchelViewerAsk;

typedef struct {
  gint64 position_us;
  guint32 round; /* rises with each */
  guint32 reserved;
} SatchelViewerSeek;

/** @width and @height: of a frame, in RGBA as SatchelViewerPicture; of sound 0. */
typedef struct {
  gint64 position_us;
  guint32 round;
  guint32 width;
  guint32 height;
  guint32 reserved;
} SatchelViewerPiece;

/** Whether the place where a picture or film was made is written in its file. */
typedef enum {
  SATCHEL_VIEWER_PLACE_NONE = 1,
  SATCHEL_VIEWER_PLACE_FOUND,
  SATCHEL_VIEWER_PLACE_UNKNOWN, /* it is damaged, or of a kind that is not read here */
} SatchelViewerPlace;

typedef enum {
  SATCHEL_VIEWER_FAILURE_DAMAGED = 1,
  SATCHEL_VIEWER_FAILURE_TOO_LARGE,
  SATCHEL_VIEWER_FAILURE_LOCKED, /* a PDF with a password */
  SATCHEL_VIEWER_FAILURE_NO_PAGE,
  SATCHEL_VIEWER_FAILURE_FORMAT, /* of sound or video: whole, perhaps, but nothing here decodes it
                                  */
} SatchelViewerFailure;

G_END_DECLS
