package org.portolan.cli;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that is made when it is first asked for, by whichever thread comes first. An attempt that fails is the answer for
 * everybody who waited for it, so that nobody waits for the same deadline a second time; who asks later tries again.
 */
public final class Lazy<T> {
    private final Supplier<T> maker;
    private final AtomicInteger attempts = new AtomicInteger();
    private volatile @Nullable T value;
    private @Nullable RuntimeException failure;

    public Lazy(Supplier<T> maker) {
        this.maker = maker;
    }

    public T get() {
        T known = value;
        if (known == null) {
            int seen = attempts.get();
            synchronized (this) {
                known = value;
                if (known == null) {
                    RuntimeException failed = failure;
                    if (failed != null && seen < attempts.get()) {
                        throw failed;
                    }
                    known = make();
                }
            }
        }
        return known;
    }

    private T make() {
        try {
            T made = maker.get();
            value = made;
            return made;
        } catch (RuntimeException problem) {
            failure = problem;
            throw problem;
        } finally {
            attempts.incrementAndGet();
        }
    }

    /** The value if it was made. */
    public @Nullable T orNull() {
        return value;
    }
}
