/** The checks of doctor, against simulated parts. */
@NullMarked
package org.portolan.doctor;

import org.jspecify.annotations.NullMarked;
