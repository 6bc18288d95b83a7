/**
 * What Portolan needs of the machine it runs on: its state directory ({@link org.portolan.process.Home}), helpers that
 * outlive it ({@link org.portolan.process.Daemon}), short commands with a deadline, locks between processes, and telling
 * whether a recorded process still lives.
 */
@NullMarked
package org.portolan.process;

import org.jspecify.annotations.NullMarked;
