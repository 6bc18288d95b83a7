package org.portolan.model;

import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.portolan.model.Failure.Kind;

/** Every fault found in what a person wrote, at once; exit status 2. */
public final class InvalidInput extends Failure {
    private final List<Problem> problems;

    public InvalidInput(List<Problem> problems) {
        super(Kind.INVALID, summary(problems));
        this.problems =
                problems.stream().sorted(Comparator.comparing(Problem::at)).toList();
    }

    public List<Problem> problems() {
        return problems;
    }

    @Override
    public InvalidInput seenBy(Predicate<String> sees) {
        return new InvalidInput(problems.stream()
                .flatMap(problem -> problem.seenBy(sees).stream())
                .toList());
    }

    private static String summary(List<Problem> problems) {
        long errors = problems.stream().filter(Problem::isError).count();
        return errors == 1 ? "1 error" : errors + " errors";
    }
}
