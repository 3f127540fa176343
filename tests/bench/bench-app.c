/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `./dev bench` measures of the app's list of reports, in a window; prints one JSON object:
 *
 *   bench-app prepare VAULT            gives a vault of bench-core an owner
 *   bench-app list VAULT [FILE]        the list as the app has it
 *   bench-app plain VAULT              the same list view over a GListStore of all records
 *   bench-app send VAULT WORDS ID      the outbox and one bundle in it, while that is sent
 *   bench-app window                   an empty window; it stays until it is ended
 *
 * list and plain, in a window that stood already: open_ms (from asking to the frame that shows the
 * first rows), memory_kib (what the process has grown by when the list has all rows and stands
 * still), frame_ms and frame_p99_ms (work for one frame from the first rows on, and while
 * scrolling). list also: search_ms, search_p99_ms (a letter typed to the frame with its results)
 * and, where FILE is given, import_p99_ms, import_max_ms, seal_p99_ms and seal_max_ms (frames while
 * FILE is taken in and sealed). send: of a vault whose passphrase is WORDS and whose newsroom's
 * intake answers; send_ms, send_p99_ms and send_max_ms (frames until it has bundle ID). */
#include <adwaita.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "courier/satchel-courier-runner.h"
#include "evidence/satchel-evidence-job.h"
#include "outbox/satchel-outbox-page.h"
#include "outbox/satchel-outbox-pane.h"
#include "people/satchel-identity.h"
#include "reports/satchel-record-item.h"
#include "reports/satchel-report-list.h"
#include "sealing/satchel-seal-job.h"
#include "secret/satchel-secret.h"
#include "session/satchel-session.h"

#define PASSPHRASE    "bench bench bench"
#define SCROLL_FRAMES 400
#define SCROLL_STEP   170.0 /* pixels a frame: three rows */
#define WINDOW_WIDTH  420
#define WINDOW_HEIGHT 760
#define STILL_MS      300

static SatchelSession *session;
static GtkWindow *window;
static GtkWidget *list;
static const char *passphrase_words = PASSPHRASE;
static gdouble frame_begun_ms;
static GArray *frames; /* of gdouble, in milliseconds; NULL: not counted now */

static void
demand (gboolean done, const GError *error)
{
  if (done)
    return;
  fprintf (stderr, "bench-app: %s\n", error != NULL ? error->message : "failed");
  exit (1);
}

static gdouble
now_ms (void)
{
  return g_get_monotonic_time () / 1000.0;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  gdouble difference = *(const gdouble *) a - *(const gdouble *) b;

  return (difference > 0) - (difference < 0);
}

static gdouble
percentile (GArray *times, guint percent)
{
  demand (times->len > 0, NULL);
  g_array_sort (times, compare_doubles);
  return g_array_index (times, gdouble, MIN (times->len * percent / 100, times->len - 1));
}

/* Of this thread, the one that draws: what the machine's other work cannot change. */
static gdouble
work_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static glong
memory_kib (void)
{
  g_autofree char *text = NULL;
  glong pages = 0;

  demand (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL) &&
              sscanf (text, "%*d %ld", &pages) == 1,
          NULL);
  return pages * (sysconf (_SC_PAGESIZE) / 1024);
}

static void
turn (void)
{
  g_main_context_iteration (NULL, TRUE);
}

/* --- The vault --- */

static SatchelSecret *
new_passphrase (void)
{
  g_autoptr (GError) error = NULL;
  SatchelSecret *secret = satchel_secret_new_copy ((const guint8 *) passphrase_words,
                                                   strlen (passphrase_words), &error);

  demand (secret != NULL, error);
  return secret;
}

static int
prepare (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelSecret) passphrase = new_passphrase ();
  g_autoptr (SatchelVault) vault = satchel_vault_open (folder, passphrase, &error);

  demand (vault != NULL, error);
  demand (satchel_identity_create (vault, "bench", SATCHEL_ROLE_REPORTER, &error), error);
  return 0;
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  demand (satchel_session_open_finish (SATCHEL_SESSION (source), result, &error), error);
}

static void
open_session (const char *folder)
{
  g_autoptr (SatchelSecret) passphrase = new_passphrase ();

  session = satchel_session_new (folder);
  satchel_session_open_async (session, passphrase, opened_cb, NULL);
  while (satchel_session_get_state (session) != SATCHEL_SESSION_OPEN)
    turn ();
}

typedef struct {
  gpointer result;
  gboolean is_done;
} Answer;

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Answer *answer = user_data;
  g_autoptr (GError) error = NULL;

  answer->result = satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);
  demand (error == NULL, error);
  answer->is_done = TRUE;
}

static gpointer
all_lines_job (SatchelVault *vault,
               gpointer input,
               SatchelProgressReport progress,
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr (GPtrArray) records = satchel_record_list (vault, NULL, error);
  GPtrArray *lines = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_record_line_free);

  for (guint i = 0; records != NULL && i < records->len; i++)
    g_ptr_array_add (lines, satchel_record_line_new (records->pdata[i], NULL));
  return lines;
}

static gpointer
run (const SatchelSessionJob *job)
{
  Answer answer = {0};

  satchel_session_run_async (session, job, NULL, answered_cb, &answer);
  while (!answer.is_done)
    turn ();
  return answer.result;
}

/* --- The window --- */

static void
before_paint_cb (GdkFrameClock *clock, gpointer user_data)
{
  frame_begun_ms = now_ms ();
}

static void
after_paint_cb (GdkFrameClock *clock, gpointer user_data)
{
  gdouble took = now_ms () - frame_begun_ms;

  if (frames != NULL)
    g_array_append_val (frames, took);
}

/* What every window of the app has drawn before its first list: text, an icon, an entry, a button.
 */
static GtkWidget *
new_page (void)
{
  GtkWidget *page = adw_status_page_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  adw_status_page_set_icon_name (ADW_STATUS_PAGE (page), "dialog-password-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (page), "Locked");
  adw_status_page_set_description (ADW_STATUS_PAGE (page), "The vault is locked");
  gtk_box_append (GTK_BOX (box), gtk_password_entry_new ());
  gtk_box_append (GTK_BOX (box), gtk_button_new_with_label ("Unlock"));
  adw_status_page_set_child (ADW_STATUS_PAGE (page), box);
  return page;
}

/* The app's own, as its AdwApplication loads it. */
static void
load_style (void)
{
  GtkCssProvider *style = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (style, "/org/satchel/Satchel/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (style),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  g_object_unref (style);
}

static void
show_window (GtkWidget *content)
{
  window = GTK_WINDOW (adw_window_new ());
  gtk_window_set_default_size (window, WINDOW_WIDTH, WINDOW_HEIGHT);
  if (content != NULL)
    adw_window_set_content (ADW_WINDOW (window), content);
  gtk_window_present (window);
  while (!gtk_widget_get_mapped (GTK_WIDGET (window)))
    turn ();
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (window));
  g_signal_connect (clock, "before-paint", G_CALLBACK (before_paint_cb), NULL);
  g_signal_connect (clock, "after-paint", G_CALLBACK (after_paint_cb), NULL);
}

static GtkWidget *
find (GtkWidget *widget, GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = find (child, type);
    if (found != NULL)
      return found;
  }
  return NULL;
}

static GtkListView *
find_list (void)
{
  /* The drafts above are a list box. */
  return GTK_LIST_VIEW (find (list, GTK_TYPE_LIST_VIEW));
}

static GListModel *
get_model (void)
{
  return G_LIST_MODEL (gtk_list_view_get_model (find_list ()));
}

static gboolean
has_rows (void)
{
  g_autoptr (SatchelRecordItem) item = g_list_model_get_item (get_model (), 0);

  return item != NULL && satchel_record_item_get_id (item) != NULL;
}

/* Until one whole frame was drawn after now. */
static void
wait_frame (void)
{
  g_autoptr (GArray) own = g_array_new (FALSE, FALSE, sizeof (gdouble));
  GArray *before = frames;

  frames = own;
  gtk_widget_queue_draw (GTK_WIDGET (window));
  while (own->len == 0)
    turn ();
  frames = before;
}

/* --- What is measured --- */

static void
open_list (gboolean is_plain, GString *out)
{
  gdouble begun = now_ms ();
  gdouble work_begun = work_ms ();

  list = satchel_report_list_new (session);
  if (is_plain) {
    g_autoptr (GPtrArray) lines =
        run (&(SatchelSessionJob){.run = all_lines_job,
                                  .result_free = (GDestroyNotify) g_ptr_array_unref});
    GListStore *store = g_list_store_new (SATCHEL_TYPE_RECORD_ITEM);
    for (guint i = 0; i < lines->len; i++) {
      g_autoptr (SatchelRecordItem) item = satchel_record_item_new ();
      satchel_record_item_fill (item, lines->pdata[i]);
      g_list_store_append (store, item);
    }
    GtkNoSelection *selection = gtk_no_selection_new (G_LIST_MODEL (store));
    gtk_list_view_set_model (find_list (), GTK_SELECTION_MODEL (selection));
    g_object_unref (selection);
  }
  adw_window_set_content (ADW_WINDOW (window), list);
  while (!has_rows ())
    turn ();
  wait_frame ();
  g_string_append_printf (out, "\"open_ms\": %.2f, \"open_work_ms\": %.2f", now_ms () - begun,
                          work_ms () - work_begun);
}

static void
moved_cb (GListModel *model, guint position, guint removed, guint added, gdouble *moved_ms)
{
  *moved_ms = now_ms ();
}

/* Until the list has heard of all rows, made its widgets and filled them. */
static void
wait_still (void)
{
  gdouble moved_ms = now_ms ();
  gulong handler =
      g_signal_connect (get_model (), "items-changed", G_CALLBACK (moved_cb), &moved_ms);
  guint alarm = g_timeout_add (STILL_MS / 4, G_SOURCE_FUNC (gtk_widget_get_mapped), window);

  while (now_ms () - moved_ms < STILL_MS)
    turn ();
  g_source_remove (alarm);
  g_signal_handler_disconnect (get_model (), handler);
}

static void
add_frames (GString *out, const char *name, GArray *times)
{
  gdouble median = percentile (times, 50);

  g_string_append_printf (out, ", \"%s_ms\": %.2f, \"%s_p99_ms\": %.2f, \"%s_max_ms\": %.2f", name,
                          median, name, percentile (times, 99), name, percentile (times, 100));
}

static gboolean
scroll_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  GtkAdjustment *adjustment = user_data;
  gdouble value = gtk_adjustment_get_value (adjustment) + SCROLL_STEP;

  /* Now and then far away, where nothing is loaded yet. */
  if (frames != NULL && frames->len % 50 == 49)
    value += gtk_adjustment_get_upper (adjustment) / 10;
  if (value > gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment))
    value = 0;
  gtk_adjustment_set_value (adjustment, value);
  return G_SOURCE_CONTINUE;
}

/* Scrolls for SCROLL_FRAMES frames or, with @until, until that is so. */
static void
scroll (GArray *times, const gboolean *until)
{
  GtkListView *view = find_list ();
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view));
  guint tick = gtk_widget_add_tick_callback (GTK_WIDGET (view), scroll_cb, adjustment, NULL);
  guint end = times->len + SCROLL_FRAMES;

  frames = times;
  while (until != NULL ? !*until : times->len < end)
    turn ();
  frames = NULL;
  gtk_widget_remove_tick_callback (GTK_WIDGET (view), tick);
}

/* An answer to another question begins at the first row; what comes after it does not. */
static void
changed_cb (GListModel *model, guint position, guint removed, guint added, gboolean *is_there)
{
  *is_there = *is_there || position == 0;
}

/* Until the answer to what was typed is on the screen. */
static gdouble
wait_answer (gdouble begun)
{
  gboolean is_there = FALSE;
  gulong handler =
      g_signal_connect (get_model (), "items-changed", G_CALLBACK (changed_cb), &is_there);

  while (!is_there)
    turn ();
  g_signal_handler_disconnect (get_model (), handler);
  wait_frame ();
  return now_ms () - begun;
}

/* Letter by letter, as it is typed; each is waited for. */
static void
search (GString *out)
{
  static const char *const WORDS[] = {"bakeb", "kelo bake", "nukeba", "ra"};
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gdouble));
  GtkEditable *entry = GTK_EDITABLE (find (list, GTK_TYPE_SEARCH_ENTRY));

  for (guint i = 0; i < G_N_ELEMENTS (WORDS); i++) {
    for (const char *letter = WORDS[i]; *letter != '\0'; letter++) {
      gint end = -1;
      gdouble begun = now_ms ();
      gtk_editable_insert_text (entry, letter, 1, &end);
      /* The first letter of a word is not looked for, and the last answer stands. */
      if (letter[1] != '\0' && (letter == WORDS[i] || letter[-1] == ' '))
        continue;
      gdouble took = wait_answer (begun);
      g_array_append_val (times, took);
    }
    gtk_editable_delete_text (entry, 0, -1);
    wait_answer (0);
    wait_still ();
  }
  add_frames (out, "search", times);
}

/* Frames while the vault is at work on @job; what it gives is the caller's. */
static gpointer
scroll_during (const char *name, const SatchelSessionJob *job, GString *out)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gdouble));
  Answer answer = {0};

  satchel_session_run_async (session, job, NULL, answered_cb, &answer);
  scroll (times, &answer.is_done);
  add_frames (out, name, times);
  return answer.result;
}

static gpointer
own_card_job (SatchelVault *vault,
              gpointer input,
              SatchelProgressReport progress,
              GCancellable *cancellable,
              GError **error)
{
  return satchel_identity_load_card (vault, error);
}

/* A large file is taken into the newest report, which is then sealed. */
static void
import_and_seal (const char *path, GString *out)
{
  g_autoptr (SatchelRecordItem) item = g_list_model_get_item (get_model (), 0);
  g_autofree char *id = g_strdup (satchel_record_item_get_id (item));
  const SatchelProgressReport silent = {0};
  SatchelSessionJob attach =
      satchel_evidence_attach_job (id, satchel_evidence_offer_new_file (path), silent);
  SatchelSessionJob card = {.run = own_card_job, .result_free = (GDestroyNotify) satchel_card_free};
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  g_autoptr (GPtrArray) cards = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_card_free);

  attach.result_free (scroll_during ("import", &attach, out));
  g_ptr_array_add (ids, id);
  g_ptr_array_add (cards, run (&card));
  SatchelSessionJob seal = satchel_seal_job (ids, cards, silent);
  g_free (scroll_during ("seal", &seal, out));
}

/* --- Sending --- */

static gboolean
draw_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  gtk_widget_queue_draw (widget);
  return G_SOURCE_CONTINUE;
}

/* The outbox as a window of usual width has it. */
static GtkWidget *
new_outbox (const char *bundle_id)
{
  GtkWidget *outbox = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *page = satchel_outbox_page_new (session, bundle_id);

  gtk_widget_set_hexpand (page, TRUE);
  gtk_box_append (GTK_BOX (outbox), satchel_outbox_pane_new (session));
  gtk_box_append (GTK_BOX (outbox), page);
  return outbox;
}

static void
courier_cb (SatchelCourierRunner *runner, gboolean *is_sent)
{
  const SatchelCourierStatus *status = satchel_courier_runner_get_status (runner);

  demand (status->error == NULL, status->error);
  *is_sent = status->state == SATCHEL_COURIER_CONNECTED && status->waiting == 0;
}

static int
measure_sending (const char *folder, const char *bundle_id)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gdouble));
  gboolean is_sent = FALSE;

  load_style ();
  open_session (folder);
  show_window (new_page ());
  GtkWidget *outbox = new_outbox (bundle_id);
  adw_window_set_content (ADW_WINDOW (window), outbox);
  for (gdouble begun = now_ms (); now_ms () - begun < STILL_MS;)
    wait_frame ();
  guint tick = gtk_widget_add_tick_callback (outbox, draw_cb, NULL, NULL);
  SatchelCourierRunner *runner = satchel_courier_runner_new (session);
  g_signal_connect (runner, "changed", G_CALLBACK (courier_cb), &is_sent);
  frames = times;
  gdouble begun = now_ms ();
  satchel_courier_runner_send_now (runner);
  while (!is_sent)
    turn ();
  gdouble took = now_ms () - begun;
  frames = NULL;
  gtk_widget_remove_tick_callback (outbox, tick);
  add_frames (out, "send", times);
  printf ("{\"took_ms\": %.0f, \"frames\": %u%s}\n", took, times->len, out->str);
  satchel_courier_runner_stop (runner);
  g_object_unref (runner);
  satchel_session_shut (session);
  return 0;
}

static int
measure (const char *folder, gboolean is_plain, const char *file)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gdouble));

  load_style ();
  open_session (folder);
  show_window (new_page ());
  wait_frame ();
  glong memory_before = memory_kib ();
  open_list (is_plain, out);
  frames = times;
  wait_still ();
  g_string_append_printf (out, ", \"memory_kib\": %ld", memory_kib () - memory_before);
  scroll (times, NULL);
  add_frames (out, "frame", times);
  if (file != NULL)
    import_and_seal (file, out);
  if (!is_plain)
    search (out);
  printf ("{%s}\n", out->str);
  satchel_session_shut (session);
  return 0;
}

int
main (int argc, char **argv)
{
  const char *what = argc > 1 ? argv[1] : "";

  satchel_secret_init ();

  if (g_str_equal (what, "prepare") && argc == 3)
    return prepare (argv[2]);
  adw_init ();
  if (g_str_equal (what, "window")) {
    show_window (NULL);
    while (gtk_widget_get_visible (GTK_WIDGET (window)))
      turn ();
    return 0;
  }
  demand (argc > 2, NULL);
  if (g_str_equal (what, "send") && argc == 5) {
    passphrase_words = argv[3];
    return measure_sending (argv[2], argv[4]);
  }
  return measure (argv[2], g_str_equal (what, "plain"), argc > 3 ? argv[3] : NULL);
}
