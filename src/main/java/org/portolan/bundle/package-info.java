/** The files of a source, and what else its reading needs, as one document: what a client sends, and a controller reads in its place. */
@NullMarked
package org.portolan.bundle;

import org.jspecify.annotations.NullMarked;
