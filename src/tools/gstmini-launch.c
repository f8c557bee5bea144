// SPDX-License-Identifier: MIT
//
// gstmini-launch: builds a pipeline from its arguments and runs it to its end.
//
//     gstmini-launch videotestsrc num-buffers=100 ! autovideosink
//
//     main loop <-- bus watch (most messages)      streaming threads --> sync handler (errors)
//               <-- SIGINT, SIGTERM, SIGHUP
//               <-- timers: position line, "why does it not preroll?"
//
// Prints what gst-launch-1.0 prints, and ends with its exit status: 0 when all is well, 1 after
// an error, 255 when a state change failed. Read next: core/parse.h.
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gstmini.h"

#define LAUNCH_PREROLL_HINT_SECONDS 3

typedef struct {
    // options
    bool quiet, tags, messages, verbose, eos_on_shutdown, no_fault, no_position, force_position;
    const char *exclude[64];
    unsigned    n_exclude;
    // the run: main thread only, except status and interrupted, which threads set or read
    GmElement  *pipeline;
    GmMainLoop *loop;
    GmState     target;
    unsigned    preroll_hint; // the timer, 0 once it has fired
    bool is_live, buffering, prerolled, in_progress, waiting_eos;
    GmClockTime started;
    _Atomic bool interrupted;
    _Atomic int  status;
} Launch;

// Goes to standard output unless -q was given.
#define LAUNCH_PRINT(launch, ...) \
    ((launch)->quiet ? (void)0 : (void)(printf(__VA_ARGS__), fflush(stdout)))

// ---- what to try ------------------------------------------------------------------------

// Advice on an error that learners meet: a word of its debug text or its code decides.
static const char *launch_advice(const GmError *error, const char *debug)
{
    static const struct { const char *word, *advice; } by_word[] = {
        { "not-negotiated",
          "Two linked elements could not agree on a format. Run again with -v to see the caps up "
          "to the\n  element that fails; put a converter or another caps filter in front of it; "
          "gstmini-inspect\n  ELEMENT shows what its pads accept." },
        { "not-linked",
          "A source pad has no peer, so its data has nowhere to go. Is a \"!\" missing, or a "
          "branch of\n  a named element (\"t. ! queue ! …\")? A fakesink takes what nobody "
          "wants." },
        { "unfixed",
          "The caps filter leaves more than one format open. Give it the fields that are still "
          "a\n  range, e.g. width, height, framerate." },
    };
    for (size_t i = 0; debug && i < GM_LEN(by_word); i++)
        if (strstr(debug, by_word[i].word) || strstr(error->message, by_word[i].word))
            return by_word[i].advice;
    if (error->domain == GM_CORE_ERROR && error->code == GM_CORE_ERROR_NEGOTIATION)
        return by_word[0].advice;
    if (error->domain == GM_CORE_ERROR && error->code == GM_CORE_ERROR_MISSING_PLUGIN)
        return "An element is missing; gstmini-inspect lists what there is.";
    if (error->domain != GM_RESOURCE_ERROR)
        return NULL;
    switch (error->code) {
    case GM_RESOURCE_ERROR_NOT_FOUND:
        return "Check the name: a relative path starts from the directory you are in, and \"~\" "
               "inside\n  location=~/… is not expanded by the shell.";
    case GM_RESOURCE_ERROR_OPEN_READ:
        return "May you read it (ls -l)? Is it a file and not a directory?";
    case GM_RESOURCE_ERROR_OPEN_WRITE:
        return "Does the directory exist, and may you write to it?";
    case GM_RESOURCE_ERROR_BUSY:
        return "Another program has the device open: end it, or use another device.";
    case GM_RESOURCE_ERROR_NO_SPACE_LEFT:
        return "The file system is full (df -h).";
    default:
        return NULL;
    }
}

// The first sink pad's peer element, as the road upstream. Gives, or NULL.
static GmElement *launch_upstream(GmElement *element)
{
    GmElement *up = NULL;
    GM_OBJECT_LOCK(element);
    GmPad *pad = element->sinkpads ? gm_object_ref(element->sinkpads->data) : NULL;
    GM_OBJECT_UNLOCK(element);
    GmPad *peer = pad ? gm_pad_get_peer(pad) : NULL;
    if (peer) {
        up = gm_pad_get_parent_element(peer);
        gm_object_unref(peer);
    }
    if (pad)
        gm_object_unref(pad);
    return up;
}

// The tee upstream of a sink with no queue in between, or NULL. Gives.
static GmElement *launch_find_tee(GmElement *sink)
{
    GmElement *element = gm_object_ref(sink);
    for (int hops = 0; element && hops < 1000; hops++) {
        GmElementFactory *factory = gm_element_get_factory(element);
        const char *name = factory ? GM_OBJECT_NAME(factory) : "";
        if (strcmp(name, "tee") == 0)
            return element;
        GmElement *up = strstr(name, "queue") ? NULL : launch_upstream(element);
        gm_object_unref(element);
        element = up;
    }
    if (element)
        gm_object_unref(element);
    return NULL;
}

// Says which sinks still have no buffer, and why that may be.
static void launch_explain_preroll(Launch *launch)
{
    GmIterator *sinks = gm_bin_iterate_sinks(GM_BIN(launch->pipeline));
    GmValue item = GM_VALUE_INIT;
    bool any = false;
    while (gm_iterator_next(sinks, &item) == GM_ITERATOR_OK) {
        GmElement *sink = gm_value_get_object(&item);
        GmState state;
        gm_element_get_state(sink, &state, NULL, 0);
        GmElement *tee = state < GM_STATE_PAUSED ? launch_find_tee(sink) : NULL;
        if (state < GM_STATE_PAUSED) {
            fprintf(stderr, "%s\n  %s has no buffer yet", any ? "" : "Still PREROLLING: every sink "
                    "waits for its first buffer.", GM_OBJECT_NAME(sink));
            any = true;
        }
        if (tee) {
            fprintf(stderr, ": there is no queue between %s and it.\n"
                    "What to try:\n  A tee serves its branches one after the other in one thread, "
                    "and a sink that has its\n  first buffer makes that thread wait. Begin each "
                    "branch with a queue: %s. ! queue ! …", GM_OBJECT_NAME(tee),
                    GM_OBJECT_NAME(tee));
            gm_object_unref(tee);
        }
        gm_value_reset(&item);
    }
    if (any)
        fprintf(stderr, "\n");
    gm_value_unset(&item);
    gm_iterator_free(sinks);
}

static bool launch_preroll_late(void *data)
{
    Launch *launch = data;
    launch->preroll_hint = 0;
    if (!launch->prerolled && !launch->is_live && !launch->buffering && !launch->in_progress)
        launch_explain_preroll(launch);
    return GM_SOURCE_REMOVE;
}

// ---- messages ---------------------------------------------------------------------------

static void launch_dump(Launch *launch, const char *name)
{
    gm_debug_bin_to_dot_file_with_ts(GM_BIN(launch->pipeline), GM_DEBUG_GRAPH_SHOW_ALL, name);
}

static void launch_print_error(const Launch *launch, GmMessage *message)
{
    GmError *error = NULL;
    char *debug = NULL, *path = gm_object_get_path_string(message->src);
    gm_message_parse_error(message, &error, &debug);
    fflush(stdout);
    fprintf(stderr, "ERROR: from element %s: %s\n", path, error->message);
    if (debug)
        fprintf(stderr, "Additional debug info:\n%s\n", debug);
    const char *advice = launch_advice(error, debug);
    if (advice)
        fprintf(stderr, "What to try:\n  %s\n", advice);
    if (launch->target == GM_STATE_PAUSED)
        fprintf(stderr, "ERROR: pipeline doesn't want to preroll.\n");
    else if (launch->interrupted)
        LAUNCH_PRINT(launch, "An error happened while waiting for EOS\n");
    gm_error_free(error);
    gm_free(debug);
    gm_free(path);
}

// In the thread that posts: errors are told at once, even while the main thread is busy.
static GmBusSyncReply launch_sync_message(GM_UNUSED GmBus *bus, GmMessage *message, void *data)
{
    Launch *launch = data;
    if (GM_MESSAGE_TYPE(message) == GM_MESSAGE_ERROR) {
        launch_dump(launch, "gstmini-launch.error");
        launch_print_error(launch, message);
        launch->status = 1; // launch_message ends the loop
    } else if (GM_MESSAGE_TYPE(message) == GM_MESSAGE_STATE_CHANGED &&
               GM_MESSAGE_SRC(message) == GM_OBJECT(launch->pipeline)) {
        GmState old, new;
        gm_message_parse_state_changed(message, &old, &new, NULL);
        char *name = gm_strdup_printf("gstmini-launch.%s_%s", gm_element_state_get_name(old),
                                      gm_element_state_get_name(new));
        launch_dump(launch, name);
        gm_free(name);
    }
    return GM_BUS_PASS;
}

// "element "a"", "pad "a:src"", "object "b"".
static char *launch_describe(GmObject *src)
{
    GmObject *parent = GM_IS_PAD(src) ? gm_object_get_parent(src) : NULL;
    char *text;
    if (GM_IS_PAD(src))
        text = gm_strdup_printf("pad \"%s:%s\"", parent ? GM_OBJECT_NAME(parent) : "''",
                                GM_OBJECT_NAME(src));
    else
        text = gm_strdup_printf("%s \"%s\"", GM_IS_ELEMENT(src) ? "element" : "object",
                                GM_OBJECT_NAME(src));
    if (parent)
        gm_object_unref(parent);
    return text;
}

static void launch_print_message(Launch *launch, GmMessage *message)
{
    const GmStructure *s = gm_message_get_structure(message);
    char *from = message->src ? launch_describe(message->src) : NULL;
    char *details = s ? gm_structure_to_string(s) : NULL;
    LAUNCH_PRINT(launch, "Got message #%u%s%s (%s): %s\n", gm_message_get_seqnum(message),
                 from ? " from " : "", from ? from : "", GM_MESSAGE_TYPE_NAME(message),
                 details ? details : "no message details");
    gm_free(from);
    gm_free(details);
}

static void launch_print_tag(const GmTagList *list, const char *tag, void *data)
{
    for (unsigned i = 0; i < gm_tag_list_get_tag_size(list, tag); i++) {
        const GmValue *value = gm_tag_list_get_value_index(list, tag, i);
        char *text = GM_VALUE_TYPE(value) == GM_TYPE_STRING ? gm_strdup(gm_value_get_string(value))
                                                            : gm_value_serialize(value);
        LAUNCH_PRINT((Launch *)data, "%16s: %s\n", i == 0 ? tag : "", text ? text : "");
        gm_free(text);
    }
}

static void launch_tag(Launch *launch, GmMessage *message)
{
    GmTagList *list = NULL;
    if (!launch->tags)
        return;
    char *from = message->src ? launch_describe(message->src) : NULL;
    LAUNCH_PRINT(launch, "FOUND TAG%s%s%s\n", from ? "      : found by " : "", from ? from : "",
                 from ? "." : "");
    gm_message_parse_tag(message, &list);
    gm_tag_list_foreach(list, launch_print_tag, launch);
    gm_tag_list_unref(list);
    gm_free(from);
}

static void launch_warning(Launch *launch, GmMessage *message)
{
    bool info = GM_MESSAGE_TYPE(message) == GM_MESSAGE_INFO;
    char *debug = NULL, *path = gm_object_get_path_string(message->src);
    GmError *error = NULL;
    if (info) {
        gm_message_parse_info(message, &error, &debug);
        if (debug)
            LAUNCH_PRINT(launch, "INFO:\n%s\n", debug);
    } else {
        launch_dump(launch, "gstmini-launch.warning");
        gm_message_parse_warning(message, &error, &debug);
        LAUNCH_PRINT(launch, "WARNING: from element %s: %s\n", path, error->message);
        if (debug)
            LAUNCH_PRINT(launch, "Additional debug info:\n%s\n", debug);
    }
    gm_error_free(error);
    gm_free(debug);
    gm_free(path);
}

static void launch_play(Launch *launch)
{
    LAUNCH_PRINT(launch, "Setting pipeline to PLAYING ...\n");
    launch->started = gm_util_get_timestamp();
    if (gm_element_set_state(launch->pipeline, GM_STATE_PLAYING) == GM_STATE_CHANGE_FAILURE) {
        fprintf(stderr, "ERROR: pipeline doesn't want to play.\n");
        launch->status = -1; // the error itself follows as a message
        return;
    }
    launch->target = GM_STATE_PLAYING;
}

static void launch_state_changed(Launch *launch, GmMessage *message)
{
    GmState new;
    if (GM_MESSAGE_SRC(message) != GM_OBJECT(launch->pipeline))
        return;
    gm_message_parse_state_changed(message, NULL, &new, NULL);
    if (launch->target != GM_STATE_PAUSED || new != GM_STATE_PAUSED)
        return;
    launch->prerolled = true;
    LAUNCH_PRINT(launch, "Pipeline is PREROLLED ...\n");
    if (launch->buffering)
        LAUNCH_PRINT(launch, "Prerolled, waiting for buffering to finish...\n");
    else if (launch->in_progress)
        LAUNCH_PRINT(launch, "Prerolled, waiting for progress to finish...\n");
    else
        launch_play(launch);
}

static void launch_buffering(Launch *launch, GmMessage *message)
{
    int percent = 0;
    gm_message_parse_buffering(message, &percent);
    LAUNCH_PRINT(launch, "buffering... %d%%  \r", percent);
    if (launch->is_live)
        return;
    if (percent < 100) {
        if (!launch->buffering && launch->target == GM_STATE_PLAYING) {
            LAUNCH_PRINT(launch, "Buffering, setting pipeline to PAUSED ...\n");
            gm_element_set_state(launch->pipeline, GM_STATE_PAUSED);
        }
        launch->buffering = true;
        return;
    }
    launch->buffering = false;
    if (launch->target == GM_STATE_PLAYING) {
        LAUNCH_PRINT(launch, "Done buffering, setting pipeline to PLAYING ...\n");
        gm_element_set_state(launch->pipeline, GM_STATE_PLAYING);
    } else if (launch->prerolled) {
        launch_play(launch);
    }
}

static void launch_progress(Launch *launch, GmMessage *message)
{
    GmProgressType type;
    char *code, *text;
    gm_message_parse_progress(message, &type, &code, &text);
    launch->in_progress = type == GM_PROGRESS_TYPE_START || type == GM_PROGRESS_TYPE_CONTINUE;
    LAUNCH_PRINT(launch, "Progress: (%s) %s\n", code, text);
    gm_free(code);
    gm_free(text);
    if (!launch->in_progress && launch->prerolled && launch->target == GM_STATE_PAUSED)
        launch_play(launch);
}

static void launch_request_state(Launch *launch, GmMessage *message)
{
    char *path = gm_object_get_path_string(GM_MESSAGE_SRC(message));
    GmState state;
    gm_message_parse_request_state(message, &state);
    LAUNCH_PRINT(launch, "Setting state to %s as requested by %s...\n",
                 gm_element_state_get_name(state), path);
    gm_element_set_state(launch->pipeline, state);
    gm_free(path);
}

static void launch_interrupt(Launch *launch)
{
    LAUNCH_PRINT(launch, "Interrupt: Stopping pipeline ...\n");
    launch->interrupted = true;
    if (!launch->prerolled && !launch->is_live)
        launch_explain_preroll(launch);
    if (!launch->eos_on_shutdown) {
        gm_main_loop_quit(launch->loop);
    } else if (launch->waiting_eos) {
        LAUNCH_PRINT(launch, "Interrupt while waiting for EOS - stopping pipeline...\n");
        gm_main_loop_quit(launch->loop);
    } else {
        LAUNCH_PRINT(launch, "EOS on shutdown enabled -- Forcing EOS on the pipeline\n");
        gm_element_send_event(launch->pipeline, gm_event_new_eos());
        LAUNCH_PRINT(launch, "Waiting for EOS...\n");
        launch->waiting_eos = true;
    }
}

static void launch_property(Launch *launch, GmMessage *message)
{
    GmObject *object;
    const char *name;
    const GmValue *value;
    char *text;
    gm_message_parse_property_notify(message, &object, &name, &value);
    for (unsigned i = 0; i < launch->n_exclude; i++)
        if (strcmp(launch->exclude[i], name) == 0)
            return;
    if (value && GM_VALUE_TYPE(value) == GM_TYPE_STRING)
        text = gm_strdup(gm_value_get_string(value));
    else if (value && GM_VALUE_TYPE(value) == GM_TYPE_CAPS)
        text = gm_value_get_caps(value) ? gm_caps_to_string(gm_value_get_caps(value)) : NULL;
    else
        text = value ? gm_value_serialize(value) : gm_strdup("(no value)");
    char *path = gm_object_get_path_string(object);
    LAUNCH_PRINT(launch, "%s: %s = %s\n", path, name, text ? text : "NULL");
    gm_free(path);
    gm_free(text);
}

static bool launch_message(GM_UNUSED GmBus *bus, GmMessage *message, void *data)
{
    Launch *launch = data;
    GmClock *clock = NULL;
    if (launch->messages)
        launch_print_message(launch, message);
    switch (GM_MESSAGE_TYPE(message)) {
    case GM_MESSAGE_NEW_CLOCK:
        gm_message_parse_new_clock(message, &clock);
        LAUNCH_PRINT(launch, "New clock: %s\n", clock ? GM_OBJECT_NAME(clock) : "NULL");
        break;
    case GM_MESSAGE_CLOCK_LOST:
        LAUNCH_PRINT(launch, "Clock lost, selecting a new one\n");
        gm_element_set_state(launch->pipeline, GM_STATE_PAUSED);
        gm_element_set_state(launch->pipeline, GM_STATE_PLAYING);
        break;
    case GM_MESSAGE_EOS:
        LAUNCH_PRINT(launch, "Got EOS from element \"%s\".\n", GM_MESSAGE_SRC_NAME(message));
        if (launch->eos_on_shutdown)
            LAUNCH_PRINT(launch, "EOS received - stopping pipeline...\n");
        gm_main_loop_quit(launch->loop);
        break;
    case GM_MESSAGE_ERROR: // told by launch_sync_message
        gm_main_loop_quit(launch->loop);
        break;
    case GM_MESSAGE_LATENCY:
        LAUNCH_PRINT(launch, "Redistribute latency...\n");
        gm_bin_recalculate_latency(GM_BIN(launch->pipeline));
        break;
    case GM_MESSAGE_APPLICATION:
        if (gm_message_has_name(message, "GmLaunchInterrupt"))
            launch_interrupt(launch);
        break;
    case GM_MESSAGE_TAG: launch_tag(launch, message); break;
    case GM_MESSAGE_INFO:
    case GM_MESSAGE_WARNING: launch_warning(launch, message); break;
    case GM_MESSAGE_STATE_CHANGED: launch_state_changed(launch, message); break;
    case GM_MESSAGE_BUFFERING: launch_buffering(launch, message); break;
    case GM_MESSAGE_REQUEST_STATE: launch_request_state(launch, message); break;
    case GM_MESSAGE_PROGRESS: launch_progress(launch, message); break;
    case GM_MESSAGE_PROPERTY_NOTIFY: launch_property(launch, message); break;
    default: break;
    }
    return GM_SOURCE_CONTINUE;
}

// ---- signals and timers -----------------------------------------------------------------

static bool launch_signal(void *data)
{
    Launch *launch = data;
    LAUNCH_PRINT(launch, "handling interrupt.\n");
    // As a message, so that it takes its place behind what the pipeline has already said.
    gm_element_post_message(launch->pipeline,
                            gm_message_new_application(
                                GM_OBJECT(launch->pipeline),
                                gm_structure_new("GmLaunchInterrupt", "message", GM_TYPE_STRING,
                                                 "Pipeline interrupted", NULL)));
    return GM_SOURCE_CONTINUE; // a second one ends the wait for EOS
}

static bool launch_hangup(void *data)
{
    Launch *launch = data;
    LAUNCH_PRINT(launch, getenv("GM_DEBUG_DUMP_DOT_DIR")
                 ? "SIGHUP: dumping dot file snapshot ...\n"
                 : "SIGHUP: not dumping dot file snapshot, GM_DEBUG_DUMP_DOT_DIR environment "
                   "variable not set.\n");
    launch_dump(launch, "gstmini-launch.snapshot");
    return GM_SOURCE_CONTINUE;
}

static bool launch_position(void *data)
{
    Launch *launch = data;
    int64_t pos = -1, dur = -1;
    if (launch->buffering || !gm_element_query_position(launch->pipeline, GM_FORMAT_TIME, &pos) ||
        pos < 0)
        return GM_SOURCE_CONTINUE;
    gm_element_query_duration(launch->pipeline, GM_FORMAT_TIME, &dur);
    char pstr[40], dstr[40], percent[32] = "";
    snprintf(pstr, sizeof pstr, "%" GM_TIME_FORMAT, GM_TIME_ARGS(pos));
    snprintf(dstr, sizeof dstr, "%" GM_TIME_FORMAT, GM_TIME_ARGS(dur));
    pstr[9] = dstr[9] = '\0'; // down to tenths
    if (dur > 0 && dur >= pos)
        snprintf(percent, sizeof percent, " (%.1f %%)", 100.0 * (double)pos / (double)dur);
    printf("%s / %s%s%c", pstr, dstr, percent, isatty(STDOUT_FILENO) ? '\r' : '\n');
    fflush(stdout);
    return GM_SOURCE_CONTINUE;
}

// A crash is told in one line before it takes its course.
static void launch_fault(int signum)
{
    static const char text[] = "Caught SIGSEGV: a bug in an element or in GstMini. Run again under "
                               "gdb for a backtrace.\n";
    ssize_t written = write(STDERR_FILENO, text, sizeof text - 1);
    (void)written;
    signal(signum, SIG_DFL);
    raise(signum);
}

// ---- the program ------------------------------------------------------------------------

static void launch_usage(void)
{
    puts("Usage:\n  gstmini-launch [OPTION…] PIPELINE-DESCRIPTION\n\n"
         "  -t, --tags                Output tags (also known as metadata)\n"
         "  -v, --verbose             Output status information and property notifications\n"
         "  -q, --quiet               Do not print any progress information\n"
         "  -m, --messages            Output messages\n"
         "  -X, --exclude=PROPERTY    Do not output this property if verbose output is enabled\n"
         "                            (can be used multiple times)\n"
         "  -f, --no-fault            Do not install a fault handler\n"
         "  -e, --eos-on-shutdown     Force EOS on sources before shutting the pipeline down\n"
         "      --no-position         Do not print current position of pipeline\n"
         "      --force-position      Print it even if standard output is not a terminal\n"
         "      --version             Print version information and exit\n"
         "  -h, --help                Show help options\n"
         "      --gm-debug=LIST       What to log, e.g. queue:5,*:3\n\n"
         "Example: gstmini-launch videotestsrc num-buffers=100 ! queue ! autovideosink\n"
         "gstmini-inspect lists the elements. GM_DEBUG_DUMP_DOT_DIR=/tmp draws the pipeline.");
}

static void launch_version(void)
{
    char *version = gm_version_string();
    printf("gstmini-launch version %s\n%s\n", GM_VERSION_STRING, version);
    gm_free(version);
}

// False: nothing to run; *status is what main returns then.
static bool launch_options(Launch *launch, int argc, char **argv, int *status)
{
    static const struct option options[] = {
        { "tags", no_argument, NULL, 't' },           { "verbose", no_argument, NULL, 'v' },
        { "quiet", no_argument, NULL, 'q' },          { "messages", no_argument, NULL, 'm' },
        { "exclude", required_argument, NULL, 'X' },  { "no-fault", no_argument, NULL, 'f' },
        { "eos-on-shutdown", no_argument, NULL, 'e' },{ "no-position", no_argument, NULL, 1 },
        { "force-position", no_argument, NULL, 2 },   { "version", no_argument, NULL, 3 },
        { "help", no_argument, NULL, 'h' },           { NULL, 0, NULL, 0 } };
    int c;
    *status = 0;
    while ((c = getopt_long(argc, argv, "tvqmX:feh", options, NULL)) != -1) {
        switch (c) {
        case 't': launch->tags = true; break;
        case 'v': launch->verbose = true; break;
        case 'q': launch->quiet = true; break;
        case 'm': launch->messages = true; break;
        case 'f': launch->no_fault = true; break;
        case 'e': launch->eos_on_shutdown = true; break;
        case 1: launch->no_position = true; break;
        case 2: launch->force_position = true; break;
        case 3: launch_version(); return false;
        case 'h': launch_usage(); return false;
        case 'X':
            if (launch->n_exclude < GM_LEN(launch->exclude))
                launch->exclude[launch->n_exclude++] = optarg;
            break;
        default:
            fprintf(stderr, "gstmini-launch --help shows the options\n");
            *status = 1;
            return false;
        }
    }
    return true;
}

// Parses the line and puts a pipeline around it. False: told and done.
static bool launch_build(Launch *launch, char **words)
{
    GmError *error = NULL;
    // One word with spaces in it is a line that was quoted as a whole.
    GmElement *element = words[0] && !words[1] ? gm_parse_launch(words[0], &error)
                                               : gm_parse_launchv((const char **)words, &error);
    if (error) {
        fprintf(stderr, "%s: %s\n", element ? "WARNING: erroneous pipeline"
                : "ERROR: pipeline could not be constructed", error->message);
        gm_error_free(error);
    }
    if (error && element)
        gm_object_unref(gm_object_ref_sink(element));
    if (error || !element)
        return false;
    launch->pipeline = gm_object_ref_sink(element);
    if (gm_object_is_a(element, &gm_pipeline_class.object))
        return true;
    launch->pipeline = gm_object_ref_sink(gm_pipeline_new(NULL));
    gm_bin_add(GM_BIN(launch->pipeline), element);
    gm_object_unref(element);
    return true;
}

static void launch_loop(Launch *launch)
{
    unsigned sources[] = {
        gm_unix_signal_add(SIGINT, launch_signal, launch),
        gm_unix_signal_add(SIGTERM, launch_signal, launch),
        gm_unix_signal_add(SIGHUP, launch_hangup, launch),
        !launch->no_position && (isatty(STDOUT_FILENO) || launch->force_position)
            ? gm_timeout_add(100, launch_position, launch) : 0,
    };
    launch->preroll_hint = gm_timeout_add_seconds(LAUNCH_PREROLL_HINT_SECONDS, launch_preroll_late,
                                                  launch);
    gm_main_loop_run(launch->loop);
    // From here on Ctrl-C has its default action again, should going to NULL take long.
    for (size_t i = 0; i < GM_LEN(sources); i++)
        if (sources[i])
            gm_source_remove(sources[i]);
    if (launch->preroll_hint)
        gm_source_remove(launch->preroll_hint);
    if (GM_CLOCK_TIME_IS_VALID(launch->started))
        LAUNCH_PRINT(launch, "Execution ended after %" GM_TIME_FORMAT "\n",
                     GM_TIME_ARGS(gm_util_get_timestamp() - launch->started));
}

static void launch_run(Launch *launch)
{
    GmBus *bus = gm_element_get_bus(launch->pipeline);
    unsigned long watch = launch->verbose
        ? gm_element_add_property_deep_notify_watch(launch->pipeline, NULL, true) : 0;
    gm_bus_set_sync_handler(bus, launch_sync_message, launch, NULL);
    gm_bus_add_watch(bus, launch_message, launch);
    LAUNCH_PRINT(launch, "Setting pipeline to PAUSED ...\n");
    switch (gm_element_set_state(launch->pipeline, GM_STATE_PAUSED)) {
    case GM_STATE_CHANGE_FAILURE:
        fprintf(stderr, "Failed to set pipeline to PAUSED.\n");
        launch->status = -1;
        break;
    case GM_STATE_CHANGE_NO_PREROLL:
        LAUNCH_PRINT(launch, "Pipeline is live and does not need PREROLL ...\n");
        launch->is_live = true;
        break;
    case GM_STATE_CHANGE_ASYNC:
        LAUNCH_PRINT(launch, "Pipeline is PREROLLING ...\n");
        break;
    default:
        break;
    }
    if (launch->status >= 0)
        launch_loop(launch);
    if (watch)
        gm_element_remove_property_notify_watch(launch->pipeline, watch);
    LAUNCH_PRINT(launch, "Setting pipeline to NULL ...\n");
    gm_element_set_state(launch->pipeline, GM_STATE_NULL);
    gm_bus_remove_watch(bus);
    gm_bus_set_sync_handler(bus, NULL, NULL, NULL);
    gm_object_unref(bus);
}

int main(int argc, char **argv)
{
    Launch launch = { .target = GM_STATE_PAUSED, .started = GM_CLOCK_TIME_NONE };
    int status;
    gm_init(&argc, &argv);
    if (!launch_options(&launch, argc, argv, &status))
        return status;
    if (!launch.no_fault)
        signal(SIGSEGV, launch_fault);
    if (!launch_build(&launch, argv + optind)) {
        gm_deinit();
        return 1;
    }
    launch.loop = gm_main_loop_new(NULL, false);
    launch_run(&launch);
    LAUNCH_PRINT(&launch, "Freeing pipeline ...\n");
    gm_object_unref(launch.pipeline);
    gm_main_loop_unref(launch.loop);
    gm_deinit();
    return launch.status;
}
