/** What is put on this machine so that Portolan is started by others: a boot unit or crontab line, hooks in repositories. */
@NullMarked
package org.portolan.install;

import org.jspecify.annotations.NullMarked;
