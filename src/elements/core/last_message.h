// SPDX-License-Identifier: MIT
//
// last_message: the text that fakesrc, fakesink and identity show as `last-message`.
#ifndef GM_ELEMENTS_CORE_LAST_MESSAGE_H
#define GM_ELEMENTS_CORE_LAST_MESSAGE_H

#include "gstmini-element.h"

// "chain   ******* (fakesink0:sink) (4096 bytes, dts: none, pts: 0:00:00.0…, …) 0x…" of a buffer;
// to free (). Borrows both.
char *gm_last_message_for_buffer(const char *verb, GmPad *pad, GmBuffer *buffer);
// "event   ******* (fakesink0:sink) E (type: eos (28174), …) 0x…".
char *gm_last_message_for_event(GmPad *pad, GmEvent *event);
// Puts `text` (taken) where the object's last-message property reads it, and notifies.
void gm_last_message_set(void *element, char **field, char *text);

#endif
