package org.portolan.cli;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A value that is made when it is first asked for, by whichever thread comes first. */
final class Once<T> {
    private final Supplier<T> maker;
    private volatile @Nullable T value;

    Once(Supplier<T> maker) {
        this.maker = maker;
    }

    T get() {
        T known = value;
        if (known == null) {
            synchronized (this) {
                known = value;
                if (known == null) {
                    known = maker.get();
                    value = known;
                }
            }
        }
        return known;
    }

    /** The value if it was made. */
    @Nullable
    T orNull() {
        return value;
    }
}
