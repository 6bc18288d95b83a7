package org.portolan.engine.docker;

import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.portolan.engine.EngineException;

/** Work that is done on a separate thread meanwhile; its failure comes out where its result is asked for. */
final class Aside<T> {
    private final FutureTask<T> task;

    private Aside(FutureTask<T> task) {
        this.task = task;
    }

    static <T> Aside<T> of(Supplier<T> work) {
        FutureTask<T> task = new FutureTask<>(work::get);
        Thread.ofPlatform().daemon().start(task);
        return new Aside<>(task);
    }

    T get() {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException(
                    EngineException.Reason.UNREACHABLE, "interrupted while waiting for the engine", Optional.of(e));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e);
        }
    }
}
