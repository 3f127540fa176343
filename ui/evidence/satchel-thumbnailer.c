/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/satchel-thumbnailer.h"

#include "evidence/satchel-evidence-job.h"
#include "viewer/satchel-viewer.h"

#define SIZE_PX 224 /* twice of what is shown, for dense screens */

typedef struct {
  char *item_id;
  char *content_type;
  GWeakRef target;
} Wanted;

struct _SatchelThumbnailer {
  GObject parent_instance;

  SatchelSession *session;
  GQueue queue;          /* of Wanted */
  Wanted *current;       /* nullable */
  SatchelViewer *viewer; /* of the current one, nullable */
  guint round;           /* rises with each stop, so that a late answer is known as one */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelThumbnailer, satchel_thumbnailer, G_TYPE_OBJECT)
// clang-format on

typedef struct {
  SatchelThumbnailer *thumbnailer;
  guint round;
} Asked;

static void begin_next (SatchelThumbnailer *self);

static void
wanted_free (gpointer data)
{
  Wanted *self = data;

  g_free (self->item_id);
  g_free (self->content_type);
  g_weak_ref_clear (&self->target);
  g_free (self);
}

static Asked *
asked_new (SatchelThumbnailer *thumbnailer)
{
  Asked *self = g_new0 (Asked, 1);

  self->thumbnailer = g_object_ref (thumbnailer);
  self->round = thumbnailer->round;
  return self;
}

static void
asked_free (Asked *self)
{
  g_object_unref (self->thumbnailer);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Asked, asked_free)

static void
end_current (SatchelThumbnailer *self)
{
  if (self->viewer != NULL)
    satchel_viewer_close (self->viewer);
  g_clear_object (&self->viewer);
  g_clear_pointer (&self->current, wanted_free);
}

/* What cannot be drawn keeps the symbol of its type: opening it says why. */
static void
rendered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Asked) asked = user_data;
  SatchelThumbnailer *self = asked->thumbnailer;
  g_autoptr (GdkTexture) texture =
      satchel_viewer_render_finish (SATCHEL_VIEWER (source), result, NULL, NULL);

  if (asked->round != self->round)
    return;
  g_autoptr (GtkPicture) target = g_weak_ref_get (&self->current->target);
  if (texture != NULL && target != NULL)
    gtk_picture_set_paintable (target, GDK_PAINTABLE (texture));
  end_current (self);
  begin_next (self);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Asked) asked = user_data;
  SatchelThumbnailer *self = asked->thumbnailer;
  g_autoptr (SatchelEvidenceContent) content =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, NULL);

  if (asked->round != self->round)
    return;
  if (content != NULL)
    self->viewer = satchel_viewer_new (content->stream, content->size_bytes,
                                       self->current->content_type, NULL);
  if (self->viewer == NULL) {
    end_current (self);
    begin_next (self);
    return;
  }
  satchel_viewer_render_async (self->viewer, 0, SIZE_PX, SIZE_PX, NULL, rendered_cb,
                               asked_new (self));
}

static void
begin_next (SatchelThumbnailer *self)
{
  if (self->current != NULL)
    return;
  self->current = g_queue_pop_head (&self->queue);
  if (self->current == NULL)
    return;
  SatchelSessionJob job = satchel_evidence_open_job (self->current->item_id, FALSE);
  satchel_session_run_async (self->session, &job, NULL, opened_cb, asked_new (self));
}

void
satchel_thumbnailer_push (SatchelThumbnailer *self,
                          const char *item_id,
                          const char *content_type,
                          GtkPicture *target)
{
  if (!satchel_viewer_can_show (content_type))
    return;
  Wanted *wanted = g_new0 (Wanted, 1);
  wanted->item_id = g_strdup (item_id);
  wanted->content_type = g_strdup (content_type);
  g_weak_ref_init (&wanted->target, target);
  g_queue_push_tail (&self->queue, wanted);
  begin_next (self);
}

void
satchel_thumbnailer_stop (SatchelThumbnailer *self)
{
  self->round++;
  g_queue_clear_full (&self->queue, wanted_free);
  end_current (self);
}

static void
satchel_thumbnailer_dispose (GObject *object)
{
  SatchelThumbnailer *self = SATCHEL_THUMBNAILER (object);

  satchel_thumbnailer_stop (self);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (satchel_thumbnailer_parent_class)->dispose (object);
}

static void
satchel_thumbnailer_class_init (SatchelThumbnailerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = satchel_thumbnailer_dispose;
}

static void
satchel_thumbnailer_init (SatchelThumbnailer *self)
{
  g_queue_init (&self->queue);
}

SatchelThumbnailer *
satchel_thumbnailer_new (SatchelSession *session)
{
  SatchelThumbnailer *self = g_object_new (SATCHEL_TYPE_THUMBNAILER, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "locking", G_CALLBACK (satchel_thumbnailer_stop), self,
                           G_CONNECT_SWAPPED);
  return self;
}
