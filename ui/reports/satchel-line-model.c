/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/satchel-line-model.h"

#include <string.h>

#include "shared/satchel-error-text.h"

/* A list view makes widgets for some 200 rows at once, whatever its height: a tenth of a second in
 * which nothing moves. So it hears of the first rows, draws them, and then of some more for each
 * frame; beyond those that it makes widgets for it costs nothing to hear of all. The vault is asked
 * in the same way: for the first rows with what is in them, and then for the numbers of all. */
#define FIRST_ROWS    20
#define MORE_ROWS     30
#define WIDGET_ROWS   240
#define MORE_AFTER_MS 16

/* An answer that did not come is asked for again, ever more rarely: of what is not shown somebody
 * may believe that it is not there. */
#define AGAIN_LEAST_MS 500
#define AGAIN_MOST_MS  60000

struct _SatchelLineModel {
  GObject parent_instance;

  SatchelSession *session;
  const SatchelLineSource *source;
  GCancellable *cancellable; /* of what is loaded for the present question */
  char *question;            /* NULL: all */
  guint number;              /* of the question: rises with each new one */
  gboolean is_loaded;
  gboolean is_asking;
  gboolean is_stale;    /* something changed while it was asking */
  guint again_ms;       /* 0, but where the last answer did not come: until it is asked for again */
  guint again_source;   /* while that is waited for; or 0 */
  GArray *rows;         /* of gint64 */
  GHashTable *snippets; /* what a search found in them; nullable */
  gboolean is_whole;    /* they are all rows, and not the first alone */
  guint announced;      /* how many of them the list was told of */
  guint announcing;     /* source, while there are more to tell of; or 0 */
  GHashTable *shown;    /* row (gint64 *) -> Shown, owned */
  GHashTable *fresh;    /* row (gint64 *) -> its line just loaded, borrowed; or NULL */
  GArray *wanted;       /* of gint64: rows of items that are not filled yet */
  guint load_source;
};

enum { FAILED,
       SIGNALS };
static guint signals[SIGNALS];

static void satchel_line_model_list_init (GListModelInterface *iface);
static void ask (SatchelLineModel *self, guint limit);

// clang-format off
G_DEFINE_FINAL_TYPE_WITH_CODE (SatchelLineModel, satchel_line_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      satchel_line_model_list_init))
// clang-format on

/* Context of a callback: the model, and the question that it asked. */
typedef struct {
  SatchelLineModel *model;
  guint number;
} Asked;

static Asked *
asked_new (SatchelLineModel *model)
{
  Asked *self = g_new0 (Asked, 1);

  self->model = g_object_ref (model);
  self->number = model->number;
  return self;
}

static void
asked_free (Asked *self)
{
  g_object_unref (self->model);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Asked, asked_free)

static void
fail (SatchelLineModel *self, const GError *error)
{
  g_signal_emit (self, signals[FAILED], 0, error);
}

/* --- Jobs --- */

/* A job's own copy of what it is to find, and of what it is to load. */
typedef struct {
  const SatchelLineSource *source;
  char *question;
  guint limit;          /* of an answer */
  GArray *rows;         /* to load */
  GHashTable *snippets; /* of them; nullable, and not changed any more */
} Question;

static Question *
question_new (SatchelLineModel *model)
{
  Question *self = g_new0 (Question, 1);

  self->source = model->source;
  self->question = g_strdup (model->question);
  if (model->snippets != NULL)
    self->snippets = g_hash_table_ref (model->snippets);
  return self;
}

static void
question_free (gpointer data)
{
  Question *self = data;

  g_clear_pointer (&self->rows, g_array_unref);
  g_clear_pointer (&self->snippets, g_hash_table_unref);
  g_free (self->question);
  g_free (self);
}

typedef struct {
  GArray *rows;
  GHashTable *snippets; /* of them; nullable */
  GPtrArray *lines;     /* of the first of them; NULL: none were loaded */
  guint limit;
} Answer;

static void
answer_free (gpointer data)
{
  Answer *self = data;

  if (self == NULL)
    return;
  g_clear_pointer (&self->rows, g_array_unref);
  g_clear_pointer (&self->snippets, g_hash_table_unref);
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  g_free (self);
}

static SatchelRecordLine *
unreadable_new (const GError *error)
{
  SatchelRecordLine *line = g_new0 (SatchelRecordLine, 1);

  line->title = satchel_error_text_dup_whole (error);
  line->markup = g_markup_escape_text (line->title, -1);
  line->icon = g_strdup ("dialog-warning-symbolic");
  return line;
}

static GPtrArray *
load_lines (SatchelVault *vault,
            const SatchelLineSource *source,
            GArray *rows,
            GHashTable *snippets,
            GCancellable *cancellable,
            GError **error)
{
  g_autoptr (GPtrArray) lines =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_record_line_free);

  for (guint i = 0; i < rows->len; i++) {
    gint64 row = g_array_index (rows, gint64, i);
    GError *local = NULL;
    SatchelRecordLine *line;
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return NULL;
    line = source->load (vault, row, snippets != NULL ? g_hash_table_lookup (snippets, &row) : NULL,
                         &local);
    /* One that cannot be read says so in its place, and takes no other with it. */
    if (local != NULL)
      line = unreadable_new (local);
    g_clear_error (&local);
    if (line == NULL)
      continue;
    line->row = row;
    g_ptr_array_add (lines, line);
  }
  return g_steal_pointer (&lines);
}

static gpointer
load_job (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  const Question *question = input;

  return load_lines (vault, question->source, question->rows, question->snippets, cancellable,
                     error);
}

static GArray *
new_rows (void)
{
  return g_array_new (FALSE, FALSE, sizeof (gint64));
}

/* In the main loop, while the answer is being looked for. */
static void
stop_cb (GCancellable *cancellable, gpointer db)
{
  satchel_db_interrupt (db);
}

static gboolean
answer_question (SatchelVault *vault,
                 const Question *question,
                 Answer *answer,
                 GCancellable *cancellable,
                 GError **error)
{
  g_autoptr (GArray) first = new_rows ();

  answer->limit = question->limit;
  answer->rows = question->source->ask (vault, question->question, question->limit,
                                        &answer->snippets, error);
  if (answer->rows == NULL || question->limit == 0)
    return answer->rows != NULL;
  g_array_append_vals (first, answer->rows->data, MIN (answer->rows->len, question->limit));
  answer->lines = load_lines (vault, question->source, first, answer->snippets, cancellable, error);
  return answer->lines != NULL;
}

static gpointer
ask_job (SatchelVault *vault,
         gpointer input,
         SatchelProgressReport progress,
         GCancellable *cancellable,
         GError **error)
{
  Answer *answer = g_new0 (Answer, 1);
  gulong handler = g_cancellable_connect (cancellable, G_CALLBACK (stop_cb),
                                          satchel_vault_get_db (vault), NULL);
  gboolean done = answer_question (vault, input, answer, cancellable, error);

  g_cancellable_disconnect (cancellable, handler);
  if (done)
    return answer;
  answer_free (answer);
  return NULL;
}

/* --- Lines that are looked at --- */

/* An item that somebody holds. */
typedef struct {
  SatchelLineModel *model; /* borrowed, as the item */
  SatchelRecordItem *item;
  gint64 row;
  gboolean is_wanted; /* and not loaded yet */
} Shown;

static void
fill_shown (SatchelLineModel *self, const SatchelRecordLine *line)
{
  const Shown *shown = g_hash_table_lookup (self->shown, &line->row);

  if (shown != NULL)
    satchel_record_item_fill (shown->item, line);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Asked) asked = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lines =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (asked->number != asked->model->number || asked->model->shown == NULL)
    return;
  if (lines == NULL) {
    fail (asked->model, error);
    return;
  }
  for (guint i = 0; i < lines->len; i++)
    fill_shown (asked->model, lines->pdata[i]);
}

/* Takes @rows. */
static void
load (SatchelLineModel *self, GArray *rows)
{
  Question *question = question_new (self);

  question->rows = rows;
  satchel_session_run_async (
      self->session,
      &(SatchelSessionJob){.run = load_job,
                           .input = question,
                           .input_free = question_free,
                           .result_free = (GDestroyNotify) g_ptr_array_unref},
      self->cancellable, loaded_cb, asked_new (self));
}

/* What came into sight together is loaded together; what has gone again is not. */
static gboolean
load_wanted_cb (gpointer user_data)
{
  SatchelLineModel *self = user_data;
  g_autoptr (GArray) wanted = g_steal_pointer (&self->wanted);
  g_autoptr (GArray) rows = new_rows ();

  self->load_source = 0;
  self->wanted = new_rows ();
  for (guint i = 0; i < wanted->len; i++) {
    Shown *shown = g_hash_table_lookup (self->shown, &g_array_index (wanted, gint64, i));
    if (shown == NULL || !shown->is_wanted)
      continue;
    shown->is_wanted = FALSE;
    g_array_append_val (rows, shown->row);
  }
  if (rows->len > 0)
    load (self, g_steal_pointer (&rows));
  return G_SOURCE_REMOVE;
}

static void
want (SatchelLineModel *self, Shown *shown)
{
  if (shown->is_wanted)
    return;
  shown->is_wanted = TRUE;
  g_array_append_val (self->wanted, shown->row);
  if (self->load_source == 0)
    self->load_source = g_idle_add_full (G_PRIORITY_DEFAULT, load_wanted_cb, self, NULL);
}

/* All but what was loaded just now. */
static void
load_shown (SatchelLineModel *self)
{
  GHashTableIter iter;
  gpointer shown;

  g_hash_table_iter_init (&iter, self->shown);
  while (g_hash_table_iter_next (&iter, NULL, &shown))
    if (self->fresh == NULL || !g_hash_table_contains (self->fresh, &((Shown *) shown)->row))
      want (self, shown);
}

/* An item that nobody holds any more is not shown any more. */
static void
item_gone_cb (gpointer user_data, GObject *gone)
{
  const Shown *shown = user_data;

  g_hash_table_remove (shown->model->shown, &shown->row);
}

/* Those that lists still hold live on, and are filled no more. */
static void
forget_shown (SatchelLineModel *self)
{
  GHashTableIter iter;
  gpointer shown;

  g_hash_table_iter_init (&iter, self->shown);
  while (g_hash_table_iter_next (&iter, NULL, &shown)) {
    g_object_weak_unref (G_OBJECT (((Shown *) shown)->item), item_gone_cb, shown);
    g_hash_table_iter_remove (&iter);
  }
}

/* --- Questions --- */

static gboolean
announce_more_cb (gpointer user_data)
{
  SatchelLineModel *self = user_data;
  guint before = self->announced;
  guint all = self->rows->len;

  self->announced = before + MORE_ROWS < WIDGET_ROWS ? MIN (before + MORE_ROWS, all) : all;
  if (self->announced == all)
    self->announcing = 0;
  g_list_model_items_changed (G_LIST_MODEL (self), before, 0, self->announced - before);
  return self->announcing != 0;
}

/* With the time that drawing the last ones takes between. */
static void
announce_more (SatchelLineModel *self)
{
  if (self->announced < self->rows->len && self->announcing == 0)
    self->announcing = g_timeout_add_full (G_PRIORITY_DEFAULT_IDLE, MORE_AFTER_MS,
                                           announce_more_cb, self, NULL);
}

/* Other lines than before, from the first on. */
static void
announce_anew (SatchelLineModel *self)
{
  guint before = self->announced;

  g_clear_handle_id (&self->announcing, g_source_remove);
  self->announced = MIN (self->rows->len, FIRST_ROWS);
  announce_more (self);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, before, self->announced);
}

static gint64
row_at (GArray *rows, guint position)
{
  return g_array_index (rows, gint64, position);
}

/* The rows before it, the caller's. */
static GArray *
take_answer (SatchelLineModel *self, const Answer *answer)
{
  GArray *old = g_steal_pointer (&self->rows);

  self->rows = g_array_ref (answer->rows);
  g_clear_pointer (&self->snippets, g_hash_table_unref);
  if (answer->snippets != NULL)
    self->snippets = g_hash_table_ref (answer->snippets);
  return old;
}

/* The first rows of a new question, filled before a list sees them. */
static void
take_first (SatchelLineModel *self, const Answer *answer)
{
  g_autoptr (GHashTable) fresh = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autoptr (GArray) old = take_answer (self, answer);

  self->is_whole = answer->rows->len != answer->limit;
  for (guint i = 0; i < answer->lines->len; i++) {
    SatchelRecordLine *line = answer->lines->pdata[i];
    fill_shown (self, line);
    g_hash_table_insert (fresh, &line->row, line);
  }
  self->fresh = fresh;
  announce_anew (self);
  load_shown (self);
  self->fresh = NULL;
}

/* Only what lies between the first and the last difference has changed its place. */
static void
announce_changes (SatchelLineModel *self, GArray *old)
{
  guint before = old->len, after = self->rows->len;
  guint shorter = MIN (before, after), head = 0, tail = 0;

  self->announced = after;
  while (head < shorter && row_at (old, head) == row_at (self->rows, head))
    head++;
  while (tail < shorter - head &&
         row_at (old, before - 1 - tail) == row_at (self->rows, after - 1 - tail))
    tail++;
  /* Also where nothing has moved: a list learns from it that there is an answer. */
  g_list_model_items_changed (G_LIST_MODEL (self), head, before - head - tail,
                              after - head - tail);
}

/* Whether the list was told of rows that still stand where they stood. */
static gboolean
is_continued (SatchelLineModel *self, GArray *old)
{
  return old != NULL && self->announced <= self->rows->len &&
         memcmp (old->data, self->rows->data, self->announced * sizeof (gint64)) == 0;
}

static void
take_rows (SatchelLineModel *self, const Answer *answer)
{
  g_autoptr (GArray) old = take_answer (self, answer);
  gboolean was_whole = self->is_whole;
  gboolean was_announced = old != NULL && self->announced == old->len;

  self->is_whole = TRUE;
  if (was_whole && was_announced) {
    announce_changes (self, old);
    load_shown (self);
  } else if (is_continued (self, old)) {
    announce_more (self);
    if (was_whole)
      load_shown (self);
  } else {
    announce_anew (self);
    load_shown (self);
  }
}

static gboolean
ask_again_cb (gpointer user_data)
{
  SatchelLineModel *self = user_data;

  self->again_source = 0;
  ask (self, 0);
  return G_SOURCE_REMOVE;
}

/* Told once, however often it fails after that. */
static void
ask_later (SatchelLineModel *self, const GError *error)
{
  if (self->again_ms == 0)
    fail (self, error);
  self->again_ms = CLAMP (2 * self->again_ms, AGAIN_LEAST_MS, AGAIN_MOST_MS);
  self->again_source = g_timeout_add (self->again_ms, ask_again_cb, self);
}

static void
take (SatchelLineModel *self, const Answer *answer)
{
  self->is_loaded = TRUE;
  self->again_ms = 0;
  if (answer->lines != NULL)
    take_first (self, answer);
  else
    take_rows (self, answer);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Asked) asked = user_data;
  SatchelLineModel *self = asked->model;
  g_autoptr (GError) error = NULL;
  Answer *answer = satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (asked->number == self->number && self->shown != NULL) {
    self->is_asking = FALSE;
    if (answer != NULL)
      take (self, answer);
    else
      ask_later (self, error);
    if (self->is_stale || (answer != NULL && !self->is_whole))
      ask (self, 0);
  }
  answer_free (answer);
}

/* @limit 0: for all rows, none of them loaded. */
static void
ask (SatchelLineModel *self, guint limit)
{
  Question *question = question_new (self);

  g_clear_handle_id (&self->again_source, g_source_remove);
  self->is_asking = TRUE;
  self->is_stale = FALSE;
  question->limit = limit;
  satchel_session_run_async (self->session,
                             &(SatchelSessionJob){.run = ask_job,
                                                  .input = question,
                                                  .input_free = question_free,
                                                  .result_free = answer_free},
                             self->cancellable, answered_cb, asked_new (self));
}

void
satchel_line_model_ask (SatchelLineModel *self, const char *question)
{
  if (question != NULL && *question == '\0')
    question = NULL;
  if (g_strcmp0 (question, self->question) == 0 && self->again_ms == 0)
    return;
  char *own = g_strdup (question);
  g_free (self->question);
  self->question = own;
  self->again_ms = 0;
  self->number++;
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  ask (self, FIRST_ROWS);
}

gboolean
satchel_line_model_is_loaded (SatchelLineModel *self)
{
  return self->is_loaded;
}

gint64
satchel_line_model_get_row (SatchelLineModel *self, guint position)
{
  return position < self->announced ? row_at (self->rows, position) : 0;
}

static void
changed_cb (SatchelLineModel *self, SatchelChanges changes)
{
  if ((changes & self->source->asks_after) != 0) {
    self->is_stale = self->is_asking;
    if (!self->is_asking)
      ask (self, 0);
  } else if ((changes & self->source->loads_after) != 0) {
    load_shown (self);
  }
}

/* --- The list model --- */

static GType
get_item_type (GListModel *list)
{
  return SATCHEL_TYPE_RECORD_ITEM;
}

static guint
get_n_items (GListModel *list)
{
  return SATCHEL_LINE_MODEL (list)->announced;
}

static gpointer
get_item (GListModel *list, guint position)
{
  SatchelLineModel *self = SATCHEL_LINE_MODEL (list);

  if (position >= self->announced)
    return NULL;
  gint64 row = row_at (self->rows, position);
  Shown *shown = g_hash_table_lookup (self->shown, &row);
  if (shown != NULL)
    return g_object_ref (shown->item);
  shown = g_new0 (Shown, 1);
  shown->model = self;
  shown->item = satchel_record_item_new ();
  shown->row = row;
  g_object_weak_ref (G_OBJECT (shown->item), item_gone_cb, shown);
  g_hash_table_insert (self->shown, &shown->row, shown);
  if (self->fresh != NULL && g_hash_table_contains (self->fresh, &row))
    fill_shown (self, g_hash_table_lookup (self->fresh, &row));
  else
    want (self, shown);
  return shown->item;
}

static void
satchel_line_model_list_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
satchel_line_model_dispose (GObject *object)
{
  SatchelLineModel *self = SATCHEL_LINE_MODEL (object);

  g_clear_handle_id (&self->announcing, g_source_remove);
  g_clear_handle_id (&self->load_source, g_source_remove);
  g_clear_handle_id (&self->again_source, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  if (self->shown != NULL)
    forget_shown (self);
  g_clear_pointer (&self->shown, g_hash_table_unref);
  g_clear_pointer (&self->wanted, g_array_unref);
  g_clear_pointer (&self->rows, g_array_unref);
  g_clear_pointer (&self->snippets, g_hash_table_unref);
  g_clear_pointer (&self->question, g_free);
  G_OBJECT_CLASS (satchel_line_model_parent_class)->dispose (object);
}

static void
satchel_line_model_class_init (SatchelLineModelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = satchel_line_model_dispose;
  signals[FAILED] = g_signal_new ("failed", SATCHEL_TYPE_LINE_MODEL, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
satchel_line_model_init (SatchelLineModel *self)
{
  self->cancellable = g_cancellable_new ();
  self->shown = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  self->wanted = new_rows ();
}

SatchelLineModel *
satchel_line_model_new (SatchelSession *session,
                        const SatchelLineSource *source,
                        const char *question)
{
  SatchelLineModel *self = g_object_new (SATCHEL_TYPE_LINE_MODEL, NULL);

  self->session = g_object_ref (session);
  self->source = source;
  self->question = g_strdup (question);
  g_signal_connect_object (session, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  ask (self, FIRST_ROWS);
  return self;
}
