/** What all Mustache templates have in common: those of the proxies, of notifications and of pages. */
@NullMarked
package org.portolan.template;

import org.jspecify.annotations.NullMarked;
