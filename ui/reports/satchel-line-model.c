/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/satchel-line-model.h"

#include "shared/satchel-error-text.h"

/* A list view makes widgets for some 200 rows at once, whatever its height: a tenth of a second in
 * which nothing moves. So it hears of the first rows, draws them, and then of some more for each
 * frame; beyond those that it makes widgets for it costs nothing to hear of all. */
#define FIRST_ROWS    30
#define MORE_ROWS     30
#define WIDGET_ROWS   240
#define MORE_AFTER_MS 16

struct _SatchelLineModel {
  GObject parent_instance;

  SatchelSession *session;
  const SatchelLineSource *source;
  GCancellable *cancellable; /* of what is loaded for the present question */
  char *question;            /* NULL: all */
  guint number;              /* of the question: rises with each new one */
  gboolean is_loaded;
  gboolean is_asking;
  gboolean is_stale; /* something changed while it was asking */
  GArray *rows;      /* of gint64; NULL where the answer was lines */
  GPtrArray *lines;  /* of SatchelRecordItem: an answer in lines */
  guint announced;   /* how many of them the list was told of */
  guint announcing;  /* source, while there are more to tell of; or 0 */
  GHashTable *shown; /* row (gint64 *, owned) -> item that somebody holds, borrowed */
  GArray *wanted;    /* of gint64: rows of items that are not filled yet */
  guint load_source;
};

enum { FAILED,
       SIGNALS };
static guint signals[SIGNALS];

static void satchel_line_model_list_init (GListModelInterface *iface);
static void ask (SatchelLineModel *self);

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

/* --- Lines that are looked at --- */

/* A job's own copy of what it is to load. */
typedef struct {
  const SatchelLineSource *source;
  GArray *rows;
} Wanted;

static void
wanted_free (gpointer data)
{
  Wanted *self = data;

  g_array_unref (self->rows);
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

static gpointer
load_job (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  const Wanted *wanted = input;
  g_autoptr (GPtrArray) lines =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_record_line_free);

  for (guint i = 0; i < wanted->rows->len; i++) {
    gint64 row = g_array_index (wanted->rows, gint64, i);
    GError *local = NULL;
    SatchelRecordLine *line;
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return NULL;
    line = wanted->source->load (vault, row, &local);
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
  for (guint i = 0; i < lines->len; i++) {
    const SatchelRecordLine *line = lines->pdata[i];
    SatchelRecordItem *item = g_hash_table_lookup (asked->model->shown, &line->row);
    if (item != NULL)
      satchel_record_item_fill (item, line);
  }
}

/* Takes @rows. */
static void
load (SatchelLineModel *self, GArray *rows)
{
  Wanted *wanted = g_new0 (Wanted, 1);

  wanted->source = self->source;
  wanted->rows = rows;
  satchel_session_run_async (
      self->session,
      &(SatchelSessionJob){.run = load_job,
                           .input = wanted,
                           .input_free = wanted_free,
                           .result_free = (GDestroyNotify) g_ptr_array_unref},
      self->cancellable, loaded_cb, asked_new (self));
}

static GArray *
new_rows (void)
{
  return g_array_new (FALSE, FALSE, sizeof (gint64));
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
  for (guint i = 0; i < wanted->len; i++)
    if (g_hash_table_contains (self->shown, &g_array_index (wanted, gint64, i)))
      g_array_append_val (rows, g_array_index (wanted, gint64, i));
  if (rows->len > 0)
    load (self, g_steal_pointer (&rows));
  return G_SOURCE_REMOVE;
}

static void
want (SatchelLineModel *self, gint64 row)
{
  g_array_append_val (self->wanted, row);
  if (self->load_source == 0)
    self->load_source = g_idle_add_full (G_PRIORITY_DEFAULT, load_wanted_cb, self, NULL);
}

static void
load_shown (SatchelLineModel *self)
{
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, self->shown);
  while (g_hash_table_iter_next (&iter, &row, NULL))
    want (self, *(gint64 *) row);
}

/* An item that nobody holds any more is not shown any more. */
static void
item_gone_cb (gpointer user_data, GObject *gone)
{
  SatchelLineModel *self = user_data;
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init (&iter, self->shown);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    if (item == gone) {
      g_hash_table_iter_remove (&iter);
      return;
    }
}

/* Those that lists still hold live on, and are filled no more. */
static void
forget_shown (SatchelLineModel *self)
{
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init (&iter, self->shown);
  while (g_hash_table_iter_next (&iter, NULL, &item)) {
    g_object_weak_unref (item, item_gone_cb, self);
    g_hash_table_iter_remove (&iter);
  }
}

/* --- Questions --- */

typedef struct {
  const SatchelLineSource *source;
  char *question;
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;

  g_free (self->question);
  g_free (self);
}

typedef struct {
  GArray *rows;
  GPtrArray *lines;
} Answer;

static void
answer_free (gpointer data)
{
  Answer *self = data;

  if (self == NULL)
    return;
  g_clear_pointer (&self->rows, g_array_unref);
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  g_free (self);
}

static gpointer
question_job (SatchelVault *vault,
              gpointer input,
              SatchelProgressReport progress,
              GCancellable *cancellable,
              GError **error)
{
  const Question *question = input;
  Answer *answer = g_new0 (Answer, 1);

  answer->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_record_line_free);
  if (question->source->ask (vault, question->question, &answer->rows, answer->lines, cancellable,
                             error))
    return answer;
  answer_free (answer);
  return NULL;
}

static guint
count_all (SatchelLineModel *self)
{
  return self->rows != NULL ? self->rows->len : self->lines != NULL ? self->lines->len
                                                                    : 0;
}

static gboolean
announce_more_cb (gpointer user_data)
{
  SatchelLineModel *self = user_data;
  guint before = self->announced;
  guint all = count_all (self);

  self->announced = before + MORE_ROWS < WIDGET_ROWS ? MIN (before + MORE_ROWS, all) : all;
  if (self->announced == all)
    self->announcing = 0;
  g_list_model_items_changed (G_LIST_MODEL (self), before, 0, self->announced - before);
  return self->announcing != 0;
}

/* Other lines than before, from the first on. */
static void
announce_anew (SatchelLineModel *self)
{
  guint before = self->announced;
  guint all = count_all (self);

  g_clear_handle_id (&self->announcing, g_source_remove);
  self->announced = MIN (all, FIRST_ROWS);
  if (self->announced < all)
    self->announcing = g_timeout_add_full (G_PRIORITY_DEFAULT_IDLE, MORE_AFTER_MS,
                                           announce_more_cb, self, NULL);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, before, self->announced);
}

static void
take_lines (SatchelLineModel *self, GPtrArray *lines)
{
  forget_shown (self);
  g_clear_pointer (&self->rows, g_array_unref);
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  self->lines = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < lines->len; i++) {
    SatchelRecordItem *item = satchel_record_item_new ();
    satchel_record_item_fill (item, lines->pdata[i]);
    g_ptr_array_add (self->lines, item);
  }
  announce_anew (self);
}

static gint64
row_at (GArray *rows, guint position)
{
  return g_array_index (rows, gint64, position);
}

/* Only what lies between the first and the last difference has changed its place. */
static void
take_rows (SatchelLineModel *self, GArray *rows)
{
  g_autoptr (GArray) old = g_steal_pointer (&self->rows);
  gboolean is_same_list = old != NULL && self->announcing == 0;
  guint before = is_same_list ? old->len : 0;
  guint shorter = MIN (before, rows->len), head = 0, tail = 0;

  self->rows = g_array_ref (rows);
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  if (!is_same_list) {
    load_shown (self);
    announce_anew (self);
    return;
  }
  self->announced = rows->len;
  while (head < shorter && row_at (old, head) == row_at (rows, head))
    head++;
  while (tail < shorter - head &&
         row_at (old, before - 1 - tail) == row_at (rows, rows->len - 1 - tail))
    tail++;
  /* Also where nothing has moved: a list learns from it that there is an answer. */
  g_list_model_items_changed (G_LIST_MODEL (self), head, before - head - tail,
                              rows->len - head - tail);
  load_shown (self);
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
    self->is_loaded |= answer != NULL;
    if (answer == NULL)
      fail (self, error);
    else if (answer->rows != NULL)
      take_rows (self, answer->rows);
    else
      take_lines (self, answer->lines);
    if (self->is_stale)
      ask (self);
  }
  answer_free (answer);
}

static void
ask (SatchelLineModel *self)
{
  Question *question = g_new0 (Question, 1);

  self->is_asking = TRUE;
  self->is_stale = FALSE;
  question->source = self->source;
  question->question = g_strdup (self->question);
  satchel_session_run_async (self->session,
                             &(SatchelSessionJob){.run = question_job,
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
  if (g_strcmp0 (question, self->question) == 0)
    return;
  g_free (self->question);
  self->question = g_strdup (question);
  self->number++;
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  ask (self);
}

gboolean
satchel_line_model_is_loaded (SatchelLineModel *self)
{
  return self->is_loaded;
}

gint64
satchel_line_model_get_row (SatchelLineModel *self, guint position)
{
  return self->rows != NULL && position < self->rows->len ? row_at (self->rows, position) : 0;
}

static void
changed_cb (SatchelLineModel *self, SatchelChanges changes)
{
  if ((changes & self->source->asks_after) != 0) {
    self->is_stale = self->is_asking;
    if (!self->is_asking)
      ask (self);
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
  if (self->rows == NULL)
    return g_object_ref (self->lines->pdata[position]);
  gint64 row = row_at (self->rows, position);
  SatchelRecordItem *item = g_hash_table_lookup (self->shown, &row);
  if (item != NULL)
    return g_object_ref (item);
  item = satchel_record_item_new ();
  g_object_weak_ref (G_OBJECT (item), item_gone_cb, self);
  g_hash_table_insert (self->shown, g_memdup2 (&row, sizeof row), item);
  want (self, row);
  return item;
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
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  if (self->shown != NULL)
    forget_shown (self);
  g_clear_pointer (&self->shown, g_hash_table_unref);
  g_clear_pointer (&self->wanted, g_array_unref);
  g_clear_pointer (&self->rows, g_array_unref);
  g_clear_pointer (&self->lines, g_ptr_array_unref);
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
  self->shown = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
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
  ask (self);
  return self;
}
