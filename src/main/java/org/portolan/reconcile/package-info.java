/** What a controller works on next, and when: a queue of marks, and how failures wait. Values; time and chance are inputs. */
@NullMarked
package org.portolan.reconcile;

import org.jspecify.annotations.NullMarked;
