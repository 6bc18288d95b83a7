/** Who may come in through the controller's doors: tokens and SSH keys, kept in the store, and the audit log of their changes. */
@NullMarked
package org.portolan.access;

import org.jspecify.annotations.NullMarked;
