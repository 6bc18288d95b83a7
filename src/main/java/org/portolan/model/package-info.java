/** The words of DESIGN.md section 1 as values: definitions, versions, releases, instances, domains, problems. Imports the JDK only; does no I/O and reads no clock. */
@NullMarked
package org.portolan.model;

import org.jspecify.annotations.NullMarked;
