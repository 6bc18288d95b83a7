package org.portolan.servicefile.expand;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What {@code %%NAME%%} stands for, and what somebody does about one that is missing. */
public final class Macros {
    private final Map<String, Fill> values;
    private final UnaryOperator<String> advice;
    private final SortedSet<String> asked = new ConcurrentSkipListSet<>();

    private Macros(Map<String, Fill> values, UnaryOperator<String> advice) {
        this.values = values;
        this.advice = advice;
    }

    /** The environment of the deploying user. */
    public static Macros of(Map<String, String> environment) {
        return of(environment, Map.of(), Macros::setIt);
    }

    /** What to do about a variable that is missing in the environment of the deploying user. */
    public static String setIt(String name) {
        return "set the environment variable " + name;
    }

    /**
     * Values from elsewhere.
     *
     * @param plain secret only where their names say so; they win over the others
     * @param secret never shown
     * @param advice how to give the one of a name: a sentence without its end
     */
    public static Macros of(Map<String, String> plain, Map<String, String> secret, UnaryOperator<String> advice) {
        Map<String, Fill> values = new TreeMap<>();
        secret.forEach((name, value) -> values.put(name, new Fill(value, true)));
        plain.forEach((name, value) -> values.put(name, new Fill(value, false)));
        return new Macros(values, advice);
    }

    @Nullable
    Fill get(String name) {
        asked.add(name);
        return values.get(name);
    }

    /** The names that were asked for so far: those that the files read with this hold. */
    public SortedSet<String> asked() {
        return Collections.unmodifiableSortedSet(asked);
    }

    /** What was filled in so far, by name. */
    public SortedMap<String, Fill> used() {
        SortedMap<String, Fill> used = new TreeMap<>(values);
        used.keySet().retainAll(asked);
        return used;
    }

    String advice(String name) {
        return advice.apply(name);
    }

    /**
     * What is put in the place of a name.
     *
     * @param secret whether it is one whatever its name says
     */
    public record Fill(String text, boolean secret) {
        @Override
        public String toString() {
            return secret ? "••••" : text;
        }
    }
}
