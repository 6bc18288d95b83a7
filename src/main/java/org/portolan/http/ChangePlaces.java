package org.portolan.http;

import java.util.HashMap;
import java.util.Map;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/** The places that changes in progress take, so that none keeps all others away. Not for several threads at once. */
final class ChangePlaces {
    private static final int RUNNING = 64;

    /** Those of one deployment wait for each other: more of them would only keep others from theirs. */
    private static final int OF_ONE = 4;

    /** Orders to the release in progress are short, and are what ends a jam. */
    private static final int ORDERS_OF_ONE = 2 * OF_ONE;

    /** Bytes of files that changes in progress hold. */
    private static final long MOST_HELD = 32L << 20;

    private final Map<Operation, Changes.Job> jobs = new HashMap<>();

    /**
     * Looks for one.
     *
     * @param running how many changes are in progress
     * @throws Failure when there is none
     */
    void require(Changes.Job job, int running) {
        if (running >= (job.order() ? RUNNING + ORDERS_OF_ONE : RUNNING)) {
            throw full("too many changes are in progress");
        }
        for (String counted : job.counted()) {
            if (running(counted) >= (job.order() ? ORDERS_OF_ONE : OF_ONE)) {
                throw full("too many " + counted + " are in progress");
            }
        }
        long held = jobs.values().stream().mapToLong(Changes.Job::bytes).sum();
        if (job.bytes() > 0 && held + job.bytes() > MOST_HELD) {
            throw full("the files of other changes take the memory that there is for files");
        }
    }

    private static Failure full(String what) {
        return new Failure(Kind.UNAVAILABLE, what).withHint("try again when some have ended");
    }

    private long running(String counted) {
        return jobs.entrySet().stream()
                .filter(entry ->
                        !entry.getKey().over() && entry.getValue().counted().contains(counted))
                .count();
    }

    void take(Operation operation, Changes.Job job) {
        jobs.put(operation, job);
    }

    void free(Operation operation) {
        jobs.remove(operation);
    }
}
