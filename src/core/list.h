// SPDX-License-Identifier: MIT
//
// list: doubly linked lists laid out as GLib's GList, with its functions.
//
//     list -> [data|next|prev] <-> [data|next|prev] -> NULL        the empty list is NULL
//
// A list is the address of its first node, so every function that may change the first node
// returns the new one: list = gm_list_append (list, x). A list owns its nodes, never the data.
// Unless said otherwise: any thread, the caller guards the list; never blocks; a NULL list is
// fine; positions count from 0; O(n). There are no guards: functions passed in are not NULL.
// Read next: core/iterator.h, for lists that others change meanwhile.
#ifndef GM_CORE_LIST_H
#define GM_CORE_LIST_H

#include "core/types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct GmList GmList;
struct GmList {
    void   *data;
    GmList *next, *prev;
};

// Called with the data of a node. Copy gives the copy.
typedef void (*GmFunc)(void *data, void *user_data);
typedef void *(*GmCopyFunc)(const void *src, void *user_data);
// < 0: a stands before b; 0: equal; > 0: behind.
typedef int (*GmCompareFunc)(const void *a, const void *b);
typedef int (*GmCompareDataFunc)(const void *a, const void *b, void *user_data);

// ---- adding: each gives the new first node ----------------------------------------------

GmList *gm_list_append(GmList *list, void *data) GM_MUST_CHECK;  // O(n): prepend, then reverse
GmList *gm_list_prepend(GmList *list, void *data) GM_MUST_CHECK; // O(1)
// At `position`; negative or past the end: appends.
GmList *gm_list_insert(GmList *list, void *data, int position) GM_MUST_CHECK;
// In front of `sibling`, a node of the list; NULL: appends.
GmList *gm_list_insert_before(GmList *list, GmList *sibling, void *data) GM_MUST_CHECK;
// Behind all smaller ones, in front of the first that is not: equal ones end up newest first.
GmList *gm_list_insert_sorted(GmList *list, void *data, GmCompareFunc compare) GM_MUST_CHECK;
// Both lists in one; takes the nodes of both.
GmList *gm_list_concat(GmList *list1, GmList *list2) GM_MUST_CHECK;

// ---- removing ---------------------------------------------------------------------------

GmList *gm_list_remove(GmList *list, const void *data) GM_MUST_CHECK; // the first that matches
GmList *gm_list_remove_all(GmList *list, const void *data) GM_MUST_CHECK; // all that match
// Takes `link` out of the list, keeps it as a list of one node (the caller's). O(1).
GmList *gm_list_remove_link(GmList *list, GmList *link) GM_MUST_CHECK;
GmList *gm_list_delete_link(GmList *list, GmList *link) GM_MUST_CHECK; // and frees it. O(1)
void gm_list_free(GmList *list);   // all nodes; the data stay
void gm_list_free_1(GmList *link); // one node, unlinked from nothing
void gm_list_free_full(GmList *list, GmDestroyNotify free_func); // and free_func on each data

// ---- looking ----------------------------------------------------------------------------

// Nodes are lent. A length is counted, not stored.
unsigned gm_list_length(const GmList *list);
GmList *gm_list_nth(GmList *list, unsigned n);    // NULL past the end
void   *gm_list_nth_data(GmList *list, unsigned n);
GmList *gm_list_find(GmList *list, const void *data);
// The first node where compare (node->data, data) is 0, or NULL.
GmList *gm_list_find_custom(GmList *list, const void *data, GmCompareFunc compare);
int gm_list_index(GmList *list, const void *data);    // -1: not there
int gm_list_position(GmList *list, const GmList *link); // -1: not there
GmList *gm_list_first(GmList *list); // from any node
GmList *gm_list_last(GmList *list);
#define gm_list_next(list) ((list) ? ((GmList *)(list))->next : NULL)
#define gm_list_previous(list) ((list) ? ((GmList *)(list))->prev : NULL)

// ---- whole lists ------------------------------------------------------------------------

void gm_list_foreach(GmList *list, GmFunc func, void *user_data); // func may remove its node
GmList *gm_list_reverse(GmList *list) GM_MUST_CHECK; // in place
GmList *gm_list_copy(const GmList *list) GM_MUST_CHECK; // the nodes; the data are shared
// Copies data with func, too; NULL func: as gm_list_copy.
GmList *gm_list_copy_deep(const GmList *list, GmCopyFunc func, void *user_data) GM_MUST_CHECK;
// Stable, O(n log n).
GmList *gm_list_sort(GmList *list, GmCompareFunc compare) GM_MUST_CHECK;
GmList *gm_list_sort_with_data(GmList *list, GmCompareDataFunc compare, void *user_data)
    GM_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
