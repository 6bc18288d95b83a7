/**
 * The command line: what a person types and sees. Commands take options, ask {@code deploy} or a port for the work, and show
 * what came of it; {@link org.portolan.app.Wiring} is the one place that knows which adapter stands behind which port. May
 * import every package; nothing imports this one but the entry point. picocli is used only here.
 */
@NullMarked
package org.portolan.cli;

import org.jspecify.annotations.NullMarked;
