/**
 * The controller's web page: what it shows of deployments, as HTML that is whole without JavaScript. A page is a record that holds
 * all that its template needs, ready to be written; the templates escape every value.
 */
@NullMarked
package org.portolan.page;

import org.jspecify.annotations.NullMarked;
