package org.portolan.reconcile;

import org.portolan.model.state.Standing.Subject;

/** What is looked at as a whole, by one run at a time. */
public record WorkKey(Subject subject, String name) implements Comparable<WorkKey> {
    public static WorkKey source(String name) {
        return new WorkKey(Subject.SOURCE, name);
    }

    public static WorkKey deployment(String name) {
        return new WorkKey(Subject.DEPLOYMENT, name);
    }

    @Override
    public int compareTo(WorkKey other) {
        int bySubject = subject.compareTo(other.subject);
        return bySubject != 0 ? bySubject : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return subject.word() + " " + name;
    }
}
