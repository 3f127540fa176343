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
 */
#define SATCHEL_VIEWER_FD         3 /* the viewer's end */
#define SATCHEL_VIEWER_RANGE_MAX  (256 * 1024)
#define SATCHEL_VIEWER_SIDE_MAX   4096      /* pixels of a picture that is given back */
#define SATCHEL_VIEWER_PIXELS_MAX 250000000 /* of one that is decoded */
#define SATCHEL_VIEWER_PAGES_MAX  100000

typedef enum {
  SATCHEL_VIEWER_READY = 1,
  SATCHEL_VIEWER_OPEN,
  SATCHEL_VIEWER_RENDER,
  SATCHEL_VIEWER_READ,
  SATCHEL_VIEWER_DATA,
  SATCHEL_VIEWER_PICTURE,
  SATCHEL_VIEWER_FAILED,
} SatchelViewerMessage;

typedef struct {
  guint32 message;
  guint32 size_bytes; /* of the payload */
} SatchelViewerHeader;

/** Of the content, as it was found out at capture. Nothing is guessed in the viewer. */
typedef enum {
  SATCHEL_VIEWER_KIND_JPEG = 1,
  SATCHEL_VIEWER_KIND_PNG,
  SATCHEL_VIEWER_KIND_GIF,
  SATCHEL_VIEWER_KIND_TIFF,
  SATCHEL_VIEWER_KIND_BMP,
  SATCHEL_VIEWER_KIND_PDF,
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

typedef enum {
  SATCHEL_VIEWER_FAILURE_DAMAGED = 1,
  SATCHEL_VIEWER_FAILURE_TOO_LARGE,
  SATCHEL_VIEWER_FAILURE_LOCKED, /* a PDF with a password */
  SATCHEL_VIEWER_FAILURE_NO_PAGE,
} SatchelViewerFailure;

G_END_DECLS
