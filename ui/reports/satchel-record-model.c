/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/satchel-record-model.h"

#include "records/satchel-search.h"

#define PAGE_SIZE 100

/* A list view makes widgets for some 200 rows at once, whatever its height: half a tenth of a
 * second in which nothing moves. So it hears of the first rows, draws them, and then of some more
 * for each frame; beyond those that it makes widgets for it costs nothing to hear of all. */
#define FIRST_ROWS    30
#define MORE_ROWS     30
#define WIDGET_ROWS   240
#define MORE_AFTER_MS 16

struct _SatchelRecordModel {
  GObject parent_instance;

  SatchelSession *session;
  GCancellable *cancellable; /* of what is loaded for the present question */
  char *words;               /* NULL: all records */
  guint question;            /* rises with each new question */
  gboolean is_loaded;
  GArray *rows;        /* of gint64, descending: all records; NULL while searching */
  GPtrArray *hits;     /* of SatchelRecordItem: what was found */
  guint announced;     /* how many of them the list was told of */
  guint announcing;    /* source, while there are more to tell of; or 0 */
  GHashTable *shown;   /* row (gint64) -> item that somebody holds, borrowed */
  GHashTable *loading; /* set of page numbers */
};

enum { FAILED,
       SIGNALS };
static guint signals[SIGNALS];

static void satchel_record_model_list_init (GListModelInterface *iface);

// clang-format off
G_DEFINE_FINAL_TYPE_WITH_CODE (SatchelRecordModel, satchel_record_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      satchel_record_model_list_init))
// clang-format on

/* Context of a callback: the model, and the question that it asked. */
typedef struct {
  SatchelRecordModel *model;
  guint question;
  guint page;
} Asked;

static Asked *
asked_new (SatchelRecordModel *model, guint page)
{
  Asked *self = g_new0 (Asked, 1);

  self->model = g_object_ref (model);
  self->question = model->question;
  self->page = page;
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
fail (SatchelRecordModel *self, const GError *error)
{
  g_signal_emit (self, signals[FAILED], 0, error);
}

/* --- Pages of all records --- */

static gpointer
page_job (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  const gint64 *first = input;
  const SatchelRecordFilter filter = {.before_row = *first + 1, .limit = PAGE_SIZE};
  g_autoptr (GPtrArray) records = satchel_record_list (vault, &filter, error);

  if (records == NULL)
    return NULL;
  GPtrArray *lines = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_record_line_free);
  for (guint i = 0; i < records->len; i++)
    g_ptr_array_add (lines, satchel_record_line_new (records->pdata[i], NULL));
  return lines;
}

static void
fill_items (SatchelRecordModel *self, GPtrArray *lines)
{
  for (guint i = 0; i < lines->len; i++) {
    const SatchelRecordLine *line = lines->pdata[i];
    SatchelRecordItem *item = g_hash_table_lookup (self->shown, &line->row);
    if (item != NULL)
      satchel_record_item_fill (item, line);
  }
}

static void
page_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Asked) asked = user_data;
  SatchelRecordModel *self = asked->model;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lines =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (asked->question != self->question)
    return;
  g_hash_table_remove (self->loading, GUINT_TO_POINTER (asked->page));
  if (lines != NULL)
    fill_items (self, lines);
  else
    fail (self, error);
}

static void
load_page (SatchelRecordModel *self, guint page)
{
  gint64 first = g_array_index (self->rows, gint64, page * PAGE_SIZE);

  if (!g_hash_table_add (self->loading, GUINT_TO_POINTER (page)))
    return;
  satchel_session_run_async (
      self->session,
      &(SatchelSessionJob){.run = page_job,
                           .input = g_memdup2 (&first, sizeof first),
                           .input_free = g_free,
                           .result_free = (GDestroyNotify) g_ptr_array_unref},
      self->cancellable, page_cb, asked_new (self, page));
}

/* --- Questions --- */

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

static gboolean
find (SatchelVault *vault,
      const char *words,
      GPtrArray *lines,
      GCancellable *cancellable,
      GError **error)
{
  g_autoptr (GPtrArray) hits =
      satchel_search (vault, words, SATCHEL_SEARCH_AS_TYPED, SATCHEL_RECORD_MODEL_HITS, error);

  for (guint i = 0; hits != NULL && i < hits->len; i++) {
    const SatchelSearchHit *hit = hits->pdata[i];
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    g_autoptr (SatchelRecord) record = satchel_record_load (vault, hit->record_id, error);
    if (record == NULL)
      return FALSE;
    g_ptr_array_add (lines, satchel_record_line_new (record, hit->snippet));
  }
  return hits != NULL;
}

/* @input: the words, or NULL. */
static gpointer
question_job (SatchelVault *vault,
              gpointer input,
              SatchelProgressReport progress,
              GCancellable *cancellable,
              GError **error)
{
  Answer *answer = g_new0 (Answer, 1);
  gboolean done;

  if (input == NULL) {
    answer->rows = satchel_record_list_rows (vault, NULL, error);
    done = answer->rows != NULL;
  } else {
    answer->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_record_line_free);
    done = find (vault, input, answer->lines, cancellable, error);
  }
  if (done)
    return answer;
  answer_free (answer);
  return NULL;
}

/* An item that nobody holds any more is not shown any more. */
static void
item_gone_cb (gpointer user_data, GObject *gone)
{
  SatchelRecordModel *self = user_data;
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
forget_shown (SatchelRecordModel *self)
{
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init (&iter, self->shown);
  while (g_hash_table_iter_next (&iter, NULL, &item)) {
    g_object_weak_unref (item, item_gone_cb, self);
    g_hash_table_iter_remove (&iter);
  }
}

static guint
count_all (SatchelRecordModel *self)
{
  return self->rows != NULL ? self->rows->len : self->hits != NULL ? self->hits->len
                                                                   : 0;
}

/* --- Telling the list --- */

static gboolean
announce_more_cb (gpointer user_data)
{
  SatchelRecordModel *self = user_data;
  guint before = self->announced;
  guint all = count_all (self);

  self->announced = before + MORE_ROWS < WIDGET_ROWS ? MIN (before + MORE_ROWS, all) : all;
  if (self->announced == all)
    self->announcing = 0;
  g_list_model_items_changed (G_LIST_MODEL (self), before, 0, self->announced - before);
  return self->announcing != 0;
}

/* Other rows than before, from the first on. */
static void
announce_anew (SatchelRecordModel *self)
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

/* The same rows as before but for some that came or went: the others stay where they are. */
static void
announce_difference (SatchelRecordModel *self, const GArray *before)
{
  const gint64 *had = (const gint64 *) (gpointer) before->data;
  const gint64 *has = (const gint64 *) (gpointer) self->rows->data;
  guint least = MIN (before->len, self->rows->len);
  guint above = 0;
  guint below = 0;

  while (above < least && had[above] == has[above])
    above++;
  while (below < least - above && had[before->len - 1 - below] == has[self->rows->len - 1 - below])
    below++;
  self->announced = self->rows->len;
  if (above + below < MAX (before->len, self->rows->len))
    g_list_model_items_changed (G_LIST_MODEL (self), above, before->len - above - below,
                                self->rows->len - above - below);
}

static int
compare_descending (gconstpointer a, gconstpointer b)
{
  gint64 left = *(const gint64 *) a;
  gint64 right = *(const gint64 *) b;

  return (left < right) - (left > right);
}

/* What stayed where it is may read differently now. */
static void
load_shown (SatchelRecordModel *self)
{
  GHashTableIter iter;
  gpointer row;
  guint place;

  g_hash_table_iter_init (&iter, self->shown);
  while (g_hash_table_iter_next (&iter, &row, NULL))
    if (g_array_binary_search (self->rows, row, compare_descending, &place))
      load_page (self, place / PAGE_SIZE);
}

static void
take_hits (SatchelRecordModel *self, GPtrArray *lines)
{
  self->hits = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < lines->len; i++) {
    SatchelRecordItem *item = satchel_record_item_new ();
    satchel_record_item_fill (item, lines->pdata[i]);
    g_ptr_array_add (self->hits, item);
  }
}

static void
take_answer (SatchelRecordModel *self, Answer *answer)
{
  g_autoptr (GArray) before = g_steal_pointer (&self->rows);
  gboolean is_same = before != NULL && answer->rows != NULL && self->announced == before->len;

  self->is_loaded = TRUE;
  g_clear_pointer (&self->hits, g_ptr_array_unref);
  g_hash_table_remove_all (self->loading);
  self->rows = g_steal_pointer (&answer->rows);
  if (is_same) {
    announce_difference (self, before);
    load_shown (self);
    return;
  }
  forget_shown (self);
  if (answer->lines != NULL)
    take_hits (self, answer->lines);
  announce_anew (self);
}

static void
question_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Asked) asked = user_data;
  g_autoptr (GError) error = NULL;
  Answer *answer = satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (asked->question == asked->model->question) {
    if (answer != NULL)
      take_answer (asked->model, answer);
    else
      fail (asked->model, error);
  }
  answer_free (answer);
}

static void
ask (SatchelRecordModel *self)
{
  self->question++;
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  satchel_session_run_async (self->session,
                             &(SatchelSessionJob){.run = question_job,
                                                  .input = g_strdup (self->words),
                                                  .input_free = g_free,
                                                  .result_free = answer_free},
                             self->cancellable, question_cb, asked_new (self, 0));
}

void
satchel_record_model_search (SatchelRecordModel *self, const char *words)
{
  if (words != NULL && *words == '\0')
    words = NULL;
  if (g_strcmp0 (words, self->words) == 0)
    return;
  g_free (self->words);
  self->words = g_strdup (words);
  ask (self);
}

gboolean
satchel_record_model_is_loaded (SatchelRecordModel *self)
{
  return self->is_loaded;
}

static void
changed_cb (SatchelRecordModel *self, SatchelChanges changes)
{
  if (changes & SATCHEL_CHANGED_RECORDS)
    ask (self);
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
  return SATCHEL_RECORD_MODEL (list)->announced;
}

static gpointer
get_item (GListModel *list, guint position)
{
  SatchelRecordModel *self = SATCHEL_RECORD_MODEL (list);

  if (position >= self->announced)
    return NULL;
  if (self->rows == NULL)
    return g_object_ref (self->hits->pdata[position]);
  gint64 row = g_array_index (self->rows, gint64, position);
  SatchelRecordItem *item = g_hash_table_lookup (self->shown, &row);
  if (item != NULL)
    return g_object_ref (item);
  item = satchel_record_item_new ();
  g_object_weak_ref (G_OBJECT (item), item_gone_cb, self);
  g_hash_table_insert (self->shown, g_memdup2 (&row, sizeof row), item);
  load_page (self, position / PAGE_SIZE);
  return item;
}

static void
satchel_record_model_list_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
satchel_record_model_dispose (GObject *object)
{
  SatchelRecordModel *self = SATCHEL_RECORD_MODEL (object);

  g_clear_handle_id (&self->announcing, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  if (self->shown != NULL)
    forget_shown (self);
  g_clear_pointer (&self->shown, g_hash_table_unref);
  g_clear_pointer (&self->loading, g_hash_table_unref);
  g_clear_pointer (&self->rows, g_array_unref);
  g_clear_pointer (&self->hits, g_ptr_array_unref);
  g_clear_pointer (&self->words, g_free);
  G_OBJECT_CLASS (satchel_record_model_parent_class)->dispose (object);
}

static void
satchel_record_model_class_init (SatchelRecordModelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = satchel_record_model_dispose;
  signals[FAILED] = g_signal_new ("failed", SATCHEL_TYPE_RECORD_MODEL, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
satchel_record_model_init (SatchelRecordModel *self)
{
  self->cancellable = g_cancellable_new ();
  self->shown = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->loading = g_hash_table_new (NULL, NULL);
}

SatchelRecordModel *
satchel_record_model_new (SatchelSession *session)
{
  SatchelRecordModel *self = g_object_new (SATCHEL_TYPE_RECORD_MODEL, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  ask (self);
  return self;
}
