/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "people/satchel-people-job.h"

G_BEGIN_DECLS

/**
 * A page about people: it loads them, fills itself, and does so anew whenever they change. What it
 * shows is its maker's: a function that adds groups and rows.
 */
#define SATCHEL_TYPE_PEOPLE_PAGE (satchel_people_page_get_type ())
G_DECLARE_FINAL_TYPE (SatchelPeoplePage, satchel_people_page, SATCHEL, PEOPLE_PAGE, AdwBin)

/** Called with an empty page. @people is lent, and stays until the next call. */
typedef void (*SatchelPeopleFill) (SatchelPeoplePage *page, const SatchelPeople *people);

/** @contact_id: whom the page is about; nullable. */
GtkWidget *
satchel_people_page_new (SatchelSession *session, const char *contact_id, SatchelPeopleFill fill);

SatchelSession *satchel_people_page_get_session (SatchelPeoplePage *self);

/** Whom it is about; NULL for nobody, or where they are not there (any more). */
const SatchelContact *satchel_people_page_get_contact (SatchelPeoplePage *self);

void
satchel_people_page_set_title (SatchelPeoplePage *self, const char *title, const char *subtitle);

/** Adds a group. @title and @description are the app's own words; nullable. Borrowed. */
AdwPreferencesGroup *satchel_people_page_add_group (SatchelPeoplePage *self,
                                                    const char *title,
                                                    const char *description);

/** Adds a row; @icon and @subtitle nullable. Texts may be anybody's. Borrowed. */
GtkWidget *satchel_people_page_add_row (AdwPreferencesGroup *group,
                                        const char *icon,
                                        const char *title,
                                        const char *subtitle);

/** Adds the group with the alarms about @contact_id, NULL: about the owner and the newsroom; none
 *  where there are none. */
void satchel_people_page_add_alarms (SatchelPeoplePage *self,
                                     const SatchelPeople *people,
                                     const char *contact_id);

/** Adds a row that unfolds the keys of a card. */
void satchel_people_page_add_keys (SatchelPeoplePage *self, const SatchelCard *card);

/** A button across the page, below the group's rows. @style nullable. @clicked gets the page. */
void satchel_people_page_add_button (SatchelPeoplePage *self,
                                     const char *label,
                                     const char *style,
                                     GCallback clicked);

/** Runs a job, and says @done once it has succeeded, or its error. */
void satchel_people_page_run (SatchelPeoplePage *self,
                              const SatchelSessionJob *job,
                              const char *done);

G_END_DECLS
