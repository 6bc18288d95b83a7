/** Parameters, macros and templates: from what is written to one tree per deployment. */
@NullMarked
package org.portolan.servicefile.expand;

import org.jspecify.annotations.NullMarked;
