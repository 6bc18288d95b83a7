package org.portolan.page;

import java.util.Locale;

/** A page: what its template shows. */
public interface PageBody {
    /** What is around it. */
    PageFrame frame();

    /** The template's name: that of the record in small letters. */
    default String template() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }
}
