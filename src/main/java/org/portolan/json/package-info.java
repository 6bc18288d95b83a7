/**
 * JSON as trees of the JDK's own types, read and written here alone. {@link org.portolan.json.JsonTree} reads and writes
 * them, {@link org.portolan.json.JsonStream} reads one after the other, and {@link org.portolan.json.StrictJson} is the view
 * for the program's own formats, where nothing may be missing. What an engine sends is read by its adapter, where anything
 * may be missing. Only Jackson's streaming core is used: loading its data binding cost a command 20 to 30 ms. Imports no
 * other package of the program.
 */
@NullMarked
package org.portolan.json;

import org.jspecify.annotations.NullMarked;
