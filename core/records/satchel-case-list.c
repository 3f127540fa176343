/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-case.h"

/* A record that is linked, or a name of one that is not here (row 0). Cases are found by joining
 * the two ends of every link: a forest, whose roots are the cases. */
typedef struct _Node Node;
struct _Node {
  char *id;
  gint64 row;
  gint64 when_us;
  guint names; /* other records */
  Node *parent;
  SatchelCase *found; /* of a root */
  Node *head;         /* of a root */
};

static void
node_free (gpointer data)
{
  Node *self = data;

  g_free (self->id);
  g_free (self);
}

void
satchel_case_free (SatchelCase *self)
{
  if (self == NULL)
    return;
  g_free (self->head_id);
  g_free (self);
}

static Node *
get_root (Node *node)
{
  while (node->parent != NULL) {
    if (node->parent->parent != NULL)
      node->parent = node->parent->parent;
    node = node->parent;
  }
  return node;
}

static Node *
get_node (GHashTable *nodes, const char *id)
{
  Node *node = g_hash_table_lookup (nodes, id);

  if (node == NULL) {
    node = g_new0 (Node, 1);
    node->id = g_strdup (id);
    g_hash_table_insert (nodes, node->id, node);
  }
  return node;
}

static void
join (Node *from, Node *to)
{
  Node *root = get_root (from);
  Node *other = get_root (to);

  if (from != to)
    from->names++;
  if (root != other)
    other->parent = root;
}

/* The rows of @sql: an id, its row and moment, and whom it names (NULL: nobody). */
static gboolean
read_nodes (SatchelVault *vault, const char *sql, GHashTable *nodes, GError **error)
{
  SatchelStatement *rows = satchel_db_prepare (satchel_vault_get_db (vault), sql, error);
  gboolean has_row = FALSE;

  if (rows == NULL)
    return FALSE;
  while (satchel_statement_step (rows, &has_row, error)) {
    if (!has_row)
      return TRUE;
    Node *node = get_node (nodes, satchel_statement_get_text (rows, 0));
    const char *target = satchel_statement_get_text (rows, 3);
    node->row = satchel_statement_get_int (rows, 1);
    node->when_us = satchel_statement_get_int (rows, 2);
    if (target != NULL)
      join (node, get_node (nodes, target));
  }
  return FALSE;
}

static gboolean
is_before (guint names, gint64 row, guint other_names, gint64 other_row)
{
  return names != other_names ? names > other_names : row < other_row;
}

static void
count_node (Node *node)
{
  Node *root = get_root (node);

  if (node->row == 0)
    return;
  if (root->found == NULL) {
    root->found = g_new0 (SatchelCase, 1);
    root->found->from_us = root->found->until_us = node->when_us;
    root->head = node;
  }
  root->found->count++;
  root->found->from_us = MIN (root->found->from_us, node->when_us);
  root->found->until_us = MAX (root->found->until_us, node->when_us);
  if (is_before (node->names, node->row, root->head->names, root->head->row))
    root->head = node;
}

static int
compare_cases (gconstpointer a, gconstpointer b)
{
  const SatchelCase *one = *(const SatchelCase *const *) a;
  const SatchelCase *other = *(const SatchelCase *const *) b;

  if (one->until_us != other->until_us)
    return one->until_us > other->until_us ? -1 : 1;
  return g_strcmp0 (one->head_id, other->head_id);
}

GPtrArray *
satchel_cases_list (SatchelVault *vault, GError **error)
{
  g_autoptr (GHashTable) nodes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, node_free);
  GHashTableIter iter;
  Node *node;

  if (!read_nodes (vault,
                   "SELECT r.id, r.row, r.when_us, l.target FROM record_link l"
                   " JOIN record r ON r.row = l.record",
                   nodes, error) ||
      !read_nodes (vault,
                   "SELECT id, row, when_us, NULL FROM record"
                   " WHERE id IN (SELECT target FROM record_link)",
                   nodes, error))
    return NULL;
  g_hash_table_iter_init (&iter, nodes);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &node))
    count_node (node);
  GPtrArray *cases = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_case_free);
  g_hash_table_iter_init (&iter, nodes);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &node)) {
    if (node->found == NULL)
      continue;
    node->found->head_id = g_strdup (node->head->id);
    if (node->found->count > 1)
      g_ptr_array_add (cases, node->found);
    else
      satchel_case_free (node->found);
  }
  g_ptr_array_sort (cases, compare_cases);
  return cases;
}

static gboolean
count_names (SatchelVault *vault, const char *id, guint *names, GError **error)
{
  g_autoptr (GPtrArray) links = satchel_link_list (vault, id, error);

  *names = 0;
  for (guint i = 0; links != NULL && i < links->len; i++) {
    const SatchelLink *link = links->pdata[i];
    if (g_str_equal (link->from, id) && !g_str_equal (link->to, id))
      ++*names;
  }
  return links != NULL;
}

const SatchelRecord *
satchel_case_find_head (SatchelVault *vault, GPtrArray *records, GError **error)
{
  const SatchelRecord *head = NULL;
  guint head_names = 0;

  for (guint i = 0; i < records->len; i++) {
    const SatchelRecord *record = records->pdata[i];
    guint names;
    if (!count_names (vault, record->id, &names, error))
      return NULL;
    if (head == NULL || is_before (names, record->row, head_names, head->row)) {
      head = record;
      head_names = names;
    }
  }
  return head;
}
