package org.portolan.model.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Fills constants ({@code Vars}) and generated values ({@code Generate}) into the parts of a definition that take
 * placeholders: variables, command, entry point, those of jobs, passwords of databases and template files. What holds a
 * generated value is marked as a secret.
 */
public final class ValueFilling {
    private static final List<String> KEYS = List.of("env", "inherited_env", "cmd", "entrypoint");

    private static final List<String> ALL =
            Stream.concat(KEYS.stream(), Stream.of(DatabaseSpec.DATABASES)).toList();

    private static final String FILES = "files";

    private ValueFilling() {}

    /** The definition with constants in place of their names. */
    public static Definition constants(Definition definition, Map<String, String> values) {
        return filled(definition, text -> Placeholders.fill(text, values), false);
    }

    /** The definition with generated values in place of their names. */
    public static Definition generated(Definition definition, Map<String, String> values) {
        return filled(definition, text -> Placeholders.fill(text, values), true);
    }

    /** The definition with one text in place of another, wherever a generated value stands. */
    public static Definition replaced(Definition definition, String old, String now) {
        return filled(definition, text -> text.replace(old, now), true);
    }

    /**
     * The texts of a definition that take placeholders, by their place: {@code env.NAME}, {@code cmd.0}. Secrets are in
     * clear.
     */
    public static SortedMap<String, String> texts(Definition definition) {
        SortedMap<String, String> texts = new TreeMap<>();
        for (String key : KEYS) {
            Object node = definition.get(key);
            if (node instanceof List<?> words) {
                for (int i = 0; i < words.size(); i++) {
                    texts.put(key + "." + i, Definition.text(Objects.requireNonNull(words.get(i))));
                }
            } else if (node instanceof Map<?, ?> map) {
                // Where a variable comes from makes no difference to what a container shows of it.
                map.forEach((name, value) -> texts.put("env." + name, Definition.text(Objects.requireNonNull(value))));
            }
        }
        DatabaseSpec.maps(definition).forEach((name, database) -> {
            Object password = database.get(DatabaseSpec.PASSWORD);
            if (password != null) {
                texts.put(DatabaseSpec.DATABASES + "." + name, Definition.text(password));
            }
        });
        if (definition.get(JobSpec.JOBS) instanceof Map<?, ?> jobs) {
            jobs.forEach((name, job) -> {
                if (job instanceof Map<?, ?> keys && keys.get("cmd") instanceof List<?> words) {
                    for (int i = 0; i < words.size(); i++) {
                        texts.put("jobs." + name + "." + i, Definition.text(Objects.requireNonNull(words.get(i))));
                    }
                }
                if (job instanceof Map<?, ?> keys && keys.get("env") instanceof Map<?, ?> values) {
                    values.forEach((variable, value) ->
                            texts.put("jobs." + name + "." + variable, Definition.text(Objects.requireNonNull(value))));
                }
            });
        }
        if (definition.get(FILES) instanceof Map<?, ?> files) {
            // A container does not show which of its files were templates.
            files.forEach((path, file) -> {
                if (file instanceof Map<?, ?> form
                        && (definition.recalled() || Boolean.TRUE.equals(form.get("template")))) {
                    Object content = form.get("content");
                    if (content != null) {
                        texts.put(FILES + "." + path, Definition.text(content));
                    }
                }
            });
        }
        return texts;
    }

    private static Definition filled(Definition definition, UnaryOperator<String> change, boolean secret) {
        Definition filled = definition;
        for (String key : ALL) {
            Object node = filled.get(key);
            if (node != null) {
                Object changed = change(node, change, secret);
                filled = changed.equals(node) ? filled : filled.with(key, changed);
            }
        }
        return files(jobs(filled, change, secret), change, secret);
    }

    /** Commands and variables of jobs. */
    private static Definition jobs(Definition definition, UnaryOperator<String> change, boolean secret) {
        if (!(definition.get(JobSpec.JOBS) instanceof Map<?, ?> jobs)) {
            return definition;
        }
        SortedMap<String, Object> changed = new TreeMap<>();
        jobs.forEach((name, job) -> {
            SortedMap<String, Object> keys = new TreeMap<>();
            ((Map<?, ?>) Objects.requireNonNull(job))
                    .forEach((key, value) -> keys.put(String.valueOf(key), Objects.requireNonNull(value)));
            keys.computeIfPresent("cmd", (key, words) -> change(words, change, secret));
            keys.computeIfPresent("env", (key, values) -> change(values, change, secret));
            changed.put(String.valueOf(name), keys);
        });
        return changed.equals(jobs) ? definition : definition.with(JobSpec.JOBS, changed);
    }

    /** The content of template files. */
    private static Definition files(Definition definition, UnaryOperator<String> change, boolean secret) {
        if (!(definition.get(FILES) instanceof Map<?, ?> files)) {
            return definition;
        }
        SortedMap<String, Object> changed = new TreeMap<>();
        files.forEach((path, file) -> {
            SortedMap<String, Object> form = new TreeMap<>();
            ((Map<?, ?>) Objects.requireNonNull(file))
                    .forEach((key, value) -> form.put(String.valueOf(key), Objects.requireNonNull(value)));
            if (Boolean.TRUE.equals(form.get("template"))) {
                form.computeIfPresent("content", (key, content) -> change(content, change, secret));
            }
            changed.put(String.valueOf(path), form);
        });
        return changed.equals(files) ? definition : definition.with(FILES, changed);
    }

    private static Object change(Object node, UnaryOperator<String> change, boolean secret) {
        if (Definition.isSecret(node) || node instanceof String) {
            String text = Definition.text(node);
            String changed = change.apply(text);
            if (changed.equals(text)) {
                return node;
            }
            return secret || Definition.isSecret(node) ? Map.of("secret", changed) : changed;
        }
        if (node instanceof List<?> list) {
            List<Object> copy = new ArrayList<>();
            list.forEach(item -> copy.add(change(Objects.requireNonNull(item), change, secret)));
            return copy;
        }
        if (node instanceof Map<?, ?> map) {
            SortedMap<String, Object> copy = new TreeMap<>();
            map.forEach((name, value) ->
                    copy.put(String.valueOf(name), change(Objects.requireNonNull(value), change, secret)));
            return copy;
        }
        return node;
    }
}
