/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "preferences/satchel-language.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "shared/satchel-words.h"

#define KEY "language"

/* As in po/LINGUAS; the setting has the code. The locale's conventions are taken where the system
 * has it: those of calendar and decimal point that Satchel does not translate itself. */
static const struct {
  const char *code;
  const char *locale;
  const char *name;
} LANGUAGES[] = {
    {"en", "en_GB.UTF-8", "English"},
    {"ru", "ru_RU.UTF-8", "Русский"},
    {"be", "be_BY.UTF-8", "Беларуская"},
    {"uk", "uk_UA.UTF-8", "Українська"},
    {"fa", "fa_IR.UTF-8", "فارسی"},
};

const char *const *
satchel_language_list_names (void)
{
  static const char *names[G_N_ELEMENTS (LANGUAGES) + 2];

  names[0] = _ ("As the desktop");
  for (guint i = 0; i < G_N_ELEMENTS (LANGUAGES); i++)
    names[i + 1] = LANGUAGES[i].name;
  return names;
}

guint
satchel_language_get (GSettings *settings)
{
  g_autofree char *code = g_settings_get_string (settings, KEY);

  for (guint i = 0; i < G_N_ELEMENTS (LANGUAGES); i++)
    if (g_str_equal (code, LANGUAGES[i].code))
      return i + 1;
  return 0;
}

void
satchel_language_set (GSettings *settings, guint number)
{
  g_settings_set_string (settings, KEY,
                         number == 0 || number > G_N_ELEMENTS (LANGUAGES)
                             ? ""
                             : LANGUAGES[number - 1].code);
}

static gboolean
has_locale (const char *name)
{
  locale_t locale = newlocale (LC_ALL_MASK, name, (locale_t) 0);

  if (locale == (locale_t) 0)
    return FALSE;
  freelocale (locale);
  return TRUE;
}

/* gettext translates nothing in the locale C, and newer ones nothing in C.UTF-8, whatever LANGUAGE
 * says. */
static gboolean
is_untranslated (void)
{
  static const char *const NAMES[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

  for (guint i = 0; i < G_N_ELEMENTS (NAMES); i++) {
    const char *value = g_getenv (NAMES[i]);
    if (value != NULL && *value != '\0')
      return g_str_equal (value, "C") || g_str_has_prefix (value, "C.") ||
             g_str_equal (value, "POSIX") || !has_locale (value);
  }
  return TRUE;
}

static const char *
any_locale (void)
{
  static const char *const NAMES[] = {"en_GB.UTF-8", "en_US.UTF-8"};

  for (guint i = 0; i < G_N_ELEMENTS (NAMES); i++)
    if (has_locale (NAMES[i]))
      return NAMES[i];
  return "C.UTF-8";
}

void
satchel_language_apply (GSettings *settings)
{
  guint number = settings != NULL ? satchel_language_get (settings) : 0;

  if (number == 0)
    return;
  g_setenv ("LANGUAGE", LANGUAGES[number - 1].code, TRUE);
  if (has_locale (LANGUAGES[number - 1].locale))
    g_setenv ("LC_ALL", LANGUAGES[number - 1].locale, TRUE);
  else if (is_untranslated ())
    g_setenv ("LC_ALL", any_locale (), TRUE);
}

void
satchel_language_apply_direction (void)
{
  gtk_widget_set_default_direction (satchel_words_are_rtl () ? GTK_TEXT_DIR_RTL
                                                             : GTK_TEXT_DIR_LTR);
}
