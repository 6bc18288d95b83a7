/**
 * What happens, as one type: an {@link org.portolan.model.event.Event} says when and of which deployment and release, its
 * {@link org.portolan.model.event.EventData} what. The data of each kind is a record that also has the kind's words, so that a
 * terminal, a stream of JSON and the store say the same. Whatever shows or keeps events is an
 * {@link org.portolan.model.event.EventSink} or reads the store's stream.
 */
@NullMarked
package org.portolan.model.event;

import org.jspecify.annotations.NullMarked;
