// SPDX-License-Identifier: MIT
//
// refs: threads that make, share, watch and drop objects and mini-objects as fast as they can.
// Run it under TSan and ASan; it fails by itself when something is left over or given back dead.
#include <stdlib.h>

#include "core/log.h"
#include "core/mainloop.h"
#include "core/mini_object.h"
#include "core/object.h"
#include "core/sync.h"
#include "core/util.h"

enum { THREADS = 4, ROUNDS = 3000 };

static GmWeakRef shared; // points to whichever object was made last
static GmMutex   shared_lock = GM_MUTEX_INIT;
static _Atomic unsigned weak_notes, got;

static void note_weak(void *data, GmObject *obj)
{
    (void)data, (void)obj;
    atomic_fetch_add(&weak_notes, 1);
}

static void on_notify(GmObject *obj, const GmProperty *prop, void *data)
{
    (void)obj, (void)prop, (void)data;
}

static void mini_free(GmMiniObject *obj)
{
    gm_free(obj);
}

static void *worker(void *data)
{
    GmMiniObject *mini = data;

    for (int i = 0; i < ROUNDS; i++) {
        GmObject *obj = gm_object_ref_sink(gm_object_new(&gm_object_class, NULL));
        gm_object_weak_ref(obj, note_weak, NULL);
        unsigned long id = gm_signal_connect(obj, "notify::name", on_notify, NULL);
        gm_mutex_lock(&shared_lock);
        gm_weak_ref_set(&shared, obj);
        gm_mutex_unlock(&shared_lock);
        gm_object_set(obj, "name", "stress", NULL);
        gm_signal_handler_disconnect(obj, id);
        gm_object_unref(obj);

        GmObject *other = gm_weak_ref_get(&shared); // anybody's, perhaps about to end
        if (other != NULL) {
            gm_object_set_data(other, "key", data);
            char *name = gm_object_get_name(other);
            gm_free(name);
            gm_object_unref(other);
            atomic_fetch_add(&got, 1);
        }
        gm_mini_object_ref(mini);
        GmMiniObject *parent = gm_new0(GmMiniObject, 1);
        gm_mini_object_init(parent, 0, GM_TYPE_SAMPLE, NULL, NULL, mini_free);
        gm_mini_object_add_parent(mini, parent);
        (void)gm_mini_object_is_writable(mini);
        gm_mini_object_remove_parent(mini, parent);
        gm_mini_object_unref(parent);
        gm_mini_object_unref(mini);
    }
    return NULL;
}

static GmMainLoop *loop;

static bool tick(void *data)
{
    ++*(int *)data;
    return GM_SOURCE_CONTINUE;
}

static bool quit(void *data)
{
    (void)data;
    gm_main_loop_quit(loop);
    return GM_SOURCE_REMOVE;
}

// Adds and removes sources while the loop runs, then ends it from inside.
static void *adder(void *data)
{
    static int never;

    (void)data;
    for (int i = 0; i < 300; i++)
        gm_source_remove(gm_timeout_add_seconds(3600, tick, &never));
    gm_idle_add(quit, NULL);
    return NULL;
}

int main(void)
{
    GmThread *threads[THREADS];
    GmMiniObject *mini = gm_new0(GmMiniObject, 1);

    gm_mini_object_live_count(GM_TYPE_NONE); // starts the census
    gm_mini_object_init(mini, 0, GM_TYPE_SAMPLE, NULL, NULL, mini_free);
    gm_weak_ref_init(&shared, NULL);
    for (int i = 0; i < THREADS; i++)
        threads[i] = gm_thread_try_new("stress", worker, mini, NULL);
    for (int i = 0; i < THREADS; i++)
        gm_thread_join(threads[i]);
    gm_weak_ref_clear(&shared);
    int refs = GM_MINI_OBJECT_REFCOUNT_VALUE(mini);
    gm_mini_object_unref(mini);

    int ticks = 0;
    loop = gm_main_loop_new(NULL, false);
    unsigned id = gm_idle_add(tick, &ticks);
    GmThread *t = gm_thread_try_new("adder", adder, NULL, NULL);
    gm_main_loop_run(loop);
    gm_thread_join(t);
    gm_source_remove(id);
    gm_main_loop_unref(loop);

    printf("refs: %u weak notifies, %u objects caught alive\n", atomic_load(&weak_notes),
           atomic_load(&got));
    long left = gm_object_print_live(stderr) + gm_mini_object_live_count(GM_TYPE_NONE);
    return refs == 1 && left == 0 && atomic_load(&weak_notes) == THREADS * ROUNDS ? 0 : 1;
}
