/** Brings a release about: the executor that observes, decides, writes down and acts, with all that a release reads and writes. */
@NullMarked
package org.portolan.release;

import org.jspecify.annotations.NullMarked;
