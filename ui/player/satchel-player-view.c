/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "player/satchel-player-view.h"

#include <glib/gi18n.h>

#include "player/satchel-player.h"
#include "shared/satchel-widget.h"
#include "shared/satchel-words.h"

#define STEP_US    (5 * G_USEC_PER_SEC)
#define REFRESH_MS 200

struct _SatchelPlayerView {
  AdwBin parent_instance;

  /* Template children */
  GtkStack *stage;
  GtkPicture *picture;
  GtkLabel *name;
  GtkLabel *partial;
  GtkLabel *mute;
  GtkWidget *controls;
  GtkButton *play;
  GtkScale *slider;
  GtkLabel *time;

  /* Owned */
  SatchelPlayer *player; /* nullable */
  guint refresh;
  gint64 wanted_us; /* where the slider was put, and not yet gone to; -1: nowhere */
  int shown_width;  /* of the picture, when the player was told */
};

enum { OPENED,
       FAILED,
       SIGNALS };
static guint signals[SIGNALS];

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelPlayerView, satchel_player_view, ADW_TYPE_BIN)
// clang-format on

char *
satchel_player_time_text (gint64 time_us)
{
  gint64 seconds = MAX (time_us, 0) / G_USEC_PER_SEC;
  int hours = (int) (seconds / 3600);
  int minutes = (int) (seconds / 60 % 60);
  g_autofree char *text =
      hours > 0 ? g_strdup_printf ("%d:%02d:%02d", hours, minutes, (int) (seconds % 60))
                : g_strdup_printf ("%d:%02d", minutes, (int) (seconds % 60));

  return satchel_words_digits (text);
}

static void
show_time (SatchelPlayerView *self)
{
  gint64 duration_us = satchel_player_get_duration_us (self->player);
  gint64 position_us = satchel_player_get_position_us (self->player);
  g_autofree char *position = satchel_player_time_text (position_us);
  g_autofree char *duration = satchel_player_time_text (duration_us);
  /* Translators: where a sound or video stands, and how long it is. */
  g_autofree char *text = duration_us > 0
                              ? g_strdup_printf (_ ("%s / %s"), position, duration)
                              : g_strdup (position);

  gtk_label_set_text (self->time, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->slider),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
  if (self->wanted_us < 0)
    gtk_range_set_value (GTK_RANGE (self->slider), (double) position_us / G_USEC_PER_SEC);
}

static void
show_state (SatchelPlayerView *self)
{
  gboolean is_playing = satchel_player_is_playing (self->player);

  gtk_button_set_icon_name (self->play, is_playing ? "media-playback-pause-symbolic"
                                                   : "media-playback-start-symbolic");
  satchel_widget_call (GTK_WIDGET (self->play), is_playing ? _ ("Pause") : _ ("Play"), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->mute), satchel_player_is_mute (self->player));
  show_time (self);
}

/* A picture that stands is fetched anew where there is more room for it. */
static void
fit (SatchelPlayerView *self)
{
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  int width = gtk_widget_get_width (GTK_WIDGET (self->picture)) * scale;
  int height = gtk_widget_get_height (GTK_WIDGET (self->picture)) * scale;

  if (width < 1 || height < 1 || width == self->shown_width)
    return;
  self->shown_width = width;
  satchel_player_set_box (self->player, (guint) width, (guint) height);
  if (!satchel_player_is_playing (self->player))
    satchel_player_seek (self->player, satchel_player_get_position_us (self->player));
}

static gboolean
refresh_cb (gpointer user_data)
{
  SatchelPlayerView *self = user_data;
  gint64 wanted_us = self->wanted_us;

  self->wanted_us = -1;
  if (wanted_us >= 0)
    satchel_player_seek (self->player, wanted_us);
  if (satchel_player_has_frames (self->player))
    fit (self);
  show_time (self);
  return G_SOURCE_CONTINUE;
}

/* --- The player --- */

static void
opened_cb (SatchelPlayerView *self)
{
  gint64 duration_us = satchel_player_get_duration_us (self->player);

  gtk_stack_set_visible_child_name (self->stage, satchel_player_has_frames (self->player)
                                                     ? "picture"
                                                     : "sound");
  gtk_range_set_range (GTK_RANGE (self->slider), 0,
                       MAX (0.1, (double) duration_us / G_USEC_PER_SEC));
  gtk_widget_set_visible (GTK_WIDGET (self->slider), duration_us > 0);
  gtk_widget_set_hexpand (GTK_WIDGET (self->time), duration_us <= 0);
  gtk_label_set_text (self->partial, satchel_player_has_frames (self->player)
                                         ? _ ("The sound of this video is in a format that "
                                              "cannot be played here.")
                                         : _ ("The picture of this video is in a format that "
                                              "cannot be shown here."));
  gtk_widget_set_visible (GTK_WIDGET (self->partial), satchel_player_is_partial (self->player));
  show_state (self);
  self->refresh = g_timeout_add (REFRESH_MS, refresh_cb, self);
  g_signal_emit (self, signals[OPENED], 0);
  gtk_widget_grab_focus (GTK_WIDGET (self->play));
}

static void
frame_cb (SatchelPlayerView *self, GdkTexture *texture)
{
  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (texture));
}

static void
failed_cb (SatchelPlayerView *self, const GError *error)
{
  g_clear_handle_id (&self->refresh, g_source_remove);
  g_signal_emit (self, signals[FAILED], 0, error);
}

/* --- Controls --- */

static void
toggle_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelPlayerView *self = SATCHEL_PLAYER_VIEW (widget);

  if (self->player != NULL)
    satchel_player_set_playing (self->player, !satchel_player_is_playing (self->player));
}

static void
go (SatchelPlayerView *self, gint64 by_us)
{
  gint64 from_us =
      self->wanted_us >= 0 ? self->wanted_us : satchel_player_get_position_us (self->player);
  gint64 duration_us = satchel_player_get_duration_us (self->player);

  self->wanted_us = MAX (from_us + by_us, 0);
  if (duration_us > 0)
    self->wanted_us = MIN (self->wanted_us, duration_us);
  gtk_range_set_value (GTK_RANGE (self->slider), (double) self->wanted_us / G_USEC_PER_SEC);
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  go (SATCHEL_PLAYER_VIEW (widget), -STEP_US);
}

static void
forward_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  go (SATCHEL_PLAYER_VIEW (widget), STEP_US);
}

static void
begin_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  go (SATCHEL_PLAYER_VIEW (widget), G_MININT32);
}

/* A slider that is drawn says so at every pixel: it is gone to a few times a second. */
static gboolean
slid_cb (SatchelPlayerView *self, GtkScrollType scroll, double value, GtkRange *slider)
{
  self->wanted_us = (gint64) (MAX (value, 0) * G_USEC_PER_SEC);
  return FALSE;
}

/* --- Its life --- */

gboolean
satchel_player_view_open (SatchelPlayerView *self,
                          GInputStream *content,
                          guint64 size_bytes,
                          const char *name,
                          guint width,
                          guint height,
                          GError **error)
{
  g_return_val_if_fail (self->player == NULL, FALSE);
  self->player = satchel_player_new (content, size_bytes, width, height, error);
  if (self->player == NULL)
    return FALSE;
  gtk_label_set_text (self->name, name);
  satchel_widget_call (GTK_WIDGET (self->picture), name, FALSE);
  g_signal_connect_object (self->player, "opened", G_CALLBACK (opened_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->player, "changed", G_CALLBACK (show_state), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->player, "frame", G_CALLBACK (frame_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->player, "failed", G_CALLBACK (failed_cb), self,
                           G_CONNECT_SWAPPED);
  return TRUE;
}

void
satchel_player_view_close (SatchelPlayerView *self)
{
  g_clear_handle_id (&self->refresh, g_source_remove);
  if (self->player != NULL)
    satchel_player_close (self->player);
  g_clear_object (&self->player);
}

static void
satchel_player_view_dispose (GObject *object)
{
  satchel_player_view_close (SATCHEL_PLAYER_VIEW (object));
  G_OBJECT_CLASS (satchel_player_view_parent_class)->dispose (object);
}

static void
satchel_player_view_class_init (SatchelPlayerViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = satchel_player_view_dispose;
  signals[OPENED] = g_signal_new ("opened", SATCHEL_TYPE_PLAYER_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", SATCHEL_TYPE_PLAYER_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/player/satchel-player-view.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelPlayerView, stage);
  gtk_widget_class_bind_template_child (widget_class, SatchelPlayerView, picture);
  gtk_widget_class_bind_template_child (widget_class, SatchelPlayerView, name);
  gtk_widget_class_bind_template_child (widget_class, SatchelPlayerView, partial);
  gtk_widget_class_bind_template_child (widget_class, SatchelPlayerView, mute);
  gtk_widget_class_bind_template_child (widget_class, SatchelPlayerView, controls);
  gtk_widget_class_bind_template_child (widget_class, SatchelPlayerView, play);
  gtk_widget_class_bind_template_child (widget_class, SatchelPlayerView, slider);
  gtk_widget_class_bind_template_child (widget_class, SatchelPlayerView, time);
  gtk_widget_class_bind_template_callback (widget_class, slid_cb);
  gtk_widget_class_install_action (widget_class, "player.toggle", NULL, toggle_action);
  gtk_widget_class_install_action (widget_class, "player.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "player.forward", NULL, forward_action);
  gtk_widget_class_install_action (widget_class, "player.begin", NULL, begin_action);
}

static void
from_the_left (GtkWidget *box)
{
  gtk_widget_set_direction (box, GTK_TEXT_DIR_LTR);
  for (GtkWidget *child = gtk_widget_get_first_child (box); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    gtk_widget_set_direction (child, GTK_TEXT_DIR_LTR);
}

static void
satchel_player_view_init (SatchelPlayerView *self)
{
  self->wanted_us = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
  from_the_left (self->controls);
}
