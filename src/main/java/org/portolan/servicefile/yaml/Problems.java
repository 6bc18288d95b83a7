package org.portolan.servicefile.yaml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.portolan.model.InvalidInput;
import org.portolan.model.Position;
import org.portolan.model.Problem;

/** Collects everything found wrong in the files of one load, each with its excerpt and the place that includes its file. */
public final class Problems {
    private static final int MOST = 500;

    private final Map<String, SourceText> files = new HashMap<>();
    private final Map<String, String> places = new HashMap<>();
    private final Set<String> known = new HashSet<>();
    private final List<Problem> errors = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();

    public void addFile(SourceText file) {
        files.put(file.shown(), file);
    }

    public @Nullable SourceText file(String shown) {
        return files.get(shown);
    }

    /** Tells where a file was asked for, such as {@code included at Servicefile:1:12}; the first place stays. */
    public void addPlace(String file, String place) {
        places.putIfAbsent(file, place);
    }

    public void error(Position at, String message) {
        add(Problem.error(at, placed(at, message)), null);
    }

    public void error(Position at, String message, String hint) {
        add(Problem.error(at, placed(at, message)), hint);
    }

    public void warning(Position at, String message, String hint) {
        add(Problem.warning(at, placed(at, message)), hint);
    }

    public boolean hasErrors() {
        return !errors.isEmpty();
    }

    public int errorCount() {
        return errors.size();
    }

    public List<Problem> warnings() {
        return List.copyOf(warnings);
    }

    /** Throws everything found, errors and warnings, if there is an error. */
    public void check() {
        if (!errors.isEmpty()) {
            List<Problem> all = new ArrayList<>(errors);
            all.addAll(warnings);
            throw new InvalidInput(all);
        }
    }

    private String placed(Position at, String message) {
        String place = places.get(at.file());
        return place == null ? message : message + " (" + place + ")";
    }

    private void add(Problem problem, @Nullable String hint) {
        if (known.size() >= MOST || !known.add(problem.at() + " " + problem.message())) {
            return;
        }
        Problem full = hint == null ? problem : problem.withHint(hint);
        SourceText file = files.get(problem.at().file());
        String excerpt = file == null ? null : file.excerpt(problem.at());
        if (excerpt != null) {
            full = full.withExcerpt(excerpt);
        }
        (problem.isError() ? errors : warnings).add(full);
    }
}
