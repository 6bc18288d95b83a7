package org.portolan.release;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * An answer that is asked for before it is needed, beside other work. It is for what does not change until then: an attempt that
 * failed is made again when the answer is needed.
 */
final class Ahead<T> {
    private final Supplier<T> question;
    private final FutureTask<T> asked;

    private Ahead(Supplier<T> question) {
        this.question = question;
        asked = new FutureTask<>(question::get);
    }

    static <T> Ahead<T> of(Tasks tasks, Supplier<T> question) {
        Ahead<T> ahead = new Ahead<>(question);
        tasks.submit(ahead.asked);
        return ahead;
    }

    /** The answer; it is asked for here where nobody has begun to. */
    T get() {
        asked.run();
        try {
            return asked.get();
        } catch (ExecutionException failed) {
            return question.get();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return question.get();
        }
    }
}
