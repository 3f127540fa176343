/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `./dev bench` measures of the app's list of reports, in a window; prints one JSON object:
 *
 *   bench-app prepare VAULT            gives a vault of bench-core an owner
 *   bench-app list VAULT [FILE]        the list as the app has it
 *   bench-app plain VAULT              the same list view over a GListStore of all records
 *   bench-app window                   an empty window; it stays until it is ended
 *
 * list and plain: open_ms (from asking to the frame that shows the first rows), memory_kib (what
 * the process has grown by until then), frame_ms and frame_p99_ms (work for one frame while
 * scrolling). list also: search_ms, search_p99_ms (a letter typed to the frame with its results)
 * and, where FILE is given, import_p99_ms and import_max_ms (frames while FILE is imported). */
#include <adwaita.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "evidence/satchel-evidence-job.h"
#include "people/satchel-identity.h"
#include "reports/satchel-record-item.h"
#include "reports/satchel-report-list.h"
#include "secret/satchel-secret.h"
#include "session/satchel-session.h"

#define PASSPHRASE    "bench bench bench"
#define SCROLL_FRAMES 400
#define SCROLL_STEP   170.0 /* pixels a frame: three rows */
#define WINDOW_WIDTH  420
#define WINDOW_HEIGHT 760

static SatchelSession *session;
static GtkWindow *window;
static GtkWidget *list;
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
  SatchelSecret *secret =
      satchel_secret_new_copy ((const guint8 *) PASSPHRASE, strlen (PASSPHRASE), &error);

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

static void
show_window (void)
{
  window = GTK_WINDOW (adw_window_new ());
  gtk_window_set_default_size (window, WINDOW_WIDTH, WINDOW_HEIGHT);
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
  glong memory_before = memory_kib ();
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
  g_string_append_printf (out, "\"open_ms\": %.2f, \"open_work_ms\": %.2f, \"memory_kib\": %ld",
                          now_ms () - begun, work_ms () - work_begun,
                          memory_kib () - memory_before);
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
scroll (GString *out, const char *name, const gboolean *until)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gdouble));
  GtkListView *view = find_list ();
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view));
  guint tick = gtk_widget_add_tick_callback (GTK_WIDGET (view), scroll_cb, adjustment, NULL);

  frames = times;
  while (until != NULL ? !*until : times->len < SCROLL_FRAMES)
    turn ();
  frames = NULL;
  gtk_widget_remove_tick_callback (GTK_WIDGET (view), tick);
  add_frames (out, name, times);
}

static void
changed_cb (GListModel *model, guint position, guint removed, guint added, gboolean *is_there)
{
  *is_there = TRUE;
}

/* Letter by letter, as it is typed; each is waited for. */
static void
search (GString *out)
{
  static const char *const WORDS[] = {"ba", "bak", "bake", "bakeb", "keke", "ke", "bake lo",
                                      "kelo ba", "kelo bake", "nuke", "nukeba", "ra"};
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gdouble));
  GtkWidget *entry = find (list, GTK_TYPE_SEARCH_ENTRY);
  gboolean is_there = FALSE;

  g_signal_connect (get_model (), "items-changed", G_CALLBACK (changed_cb), &is_there);
  for (guint i = 0; i < G_N_ELEMENTS (WORDS); i++) {
    gdouble begun = now_ms ();
    is_there = FALSE;
    gtk_editable_set_text (GTK_EDITABLE (entry), WORDS[i]);
    while (!is_there)
      turn ();
    wait_frame ();
    gdouble took = now_ms () - begun;
    g_array_append_val (times, took);
  }
  add_frames (out, "search", times);
}

static void
import (const char *path, GString *out)
{
  g_autoptr (SatchelRecordItem) item = g_list_model_get_item (get_model (), 0);
  g_autofree char *id = g_strdup (satchel_record_item_get_id (item));
  SatchelSessionJob job = satchel_evidence_attach_job (id, satchel_evidence_offer_new_file (path),
                                                       (SatchelProgressReport){0});
  Answer answer = {0};

  satchel_session_run_async (session, &job, NULL, answered_cb, &answer);
  scroll (out, "import", &answer.is_done);
}

static int
measure (const char *folder, gboolean is_plain, const char *file)
{
  g_autoptr (GString) out = g_string_new (NULL);

  open_session (folder);
  show_window ();
  wait_frame ();
  open_list (is_plain, out);
  scroll (out, "frame", NULL);
  if (file != NULL)
    import (file, out);
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
    show_window ();
    while (gtk_widget_get_visible (GTK_WIDGET (window)))
      turn ();
    return 0;
  }
  demand (argc > 2, NULL);
  return measure (argv[2], g_str_equal (what, "plain"), argc > 3 ? argv[3] : NULL);
}
