package org.portolan.proxy.local;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.portolan.model.Failure;

/** A question that is asked on a separate thread meanwhile; its failure comes out where its answer is wanted. */
final class Asked<T> {
    private final CompletableFuture<T> answer = new CompletableFuture<>();

    private Asked() {}

    static <T> Asked<T> of(String name, Supplier<T> question) {
        Asked<T> asked = new Asked<>();
        // Not a virtual one: its poller would keep the JVM from ending for 300 ms.
        Thread.ofPlatform().daemon().name(name).start(() -> asked.ask(question));
        return asked;
    }

    private void ask(Supplier<T> question) {
        try {
            answer.complete(question.get());
        } catch (RuntimeException | Error failed) {
            answer.completeExceptionally(failed);
        }
    }

    /** Waits for it; what failed is thrown as it was. */
    T answer() {
        try {
            return answer.join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof Failure known ? known : failed;
        }
    }
}
