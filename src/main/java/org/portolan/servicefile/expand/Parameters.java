package org.portolan.servicefile.expand;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Position;
import org.portolan.servicefile.decode.ServiceDecoder;
import org.portolan.servicefile.format.Format;
import org.portolan.servicefile.format.Key;
import org.portolan.servicefile.format.Reading;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;

/** The declared inputs of a template, and the values that they get. */
public final class Parameters {
    private static final int LONGEST_PATTERN = 200;
    private static final int LONGEST_VALUE = 1000;

    private final Map<String, Parameter> declared = new LinkedHashMap<>();
    private final Reading in;

    private Parameters(Reading in) {
        this.in = in;
    }

    /**
     * One input.
     *
     * @param otherwise the value when none is given; empty: one must be given
     */
    private record Parameter(
            YamlNode.Scalar name,
            Optional<Macros.Fill> otherwise,
            List<?> oneOf,
            @Nullable Pattern pattern) {}

    /**
     * A value that somebody gives.
     *
     * @param secret whether it holds a secret, whatever the parameter's name says
     * @param at where faults of it are reported; of one that is given on the command line only its name's
     * @param byHand whether it stands on the command line, where no file tells what it should be but the declaration
     */
    public record Given(String text, boolean secret, Position at, boolean byHand) {
        public static Given byHand(String text, Position file) {
            return new Given(text, false, file, true);
        }
    }

    /** Reads the section; macros in it are expanded already. */
    public static Parameters read(@Nullable YamlNode section, Reading in) {
        Parameters parameters = new Parameters(in);
        if (section == null || YamlNode.isNull(section)) {
            return parameters;
        }
        Key key = Key.find(Format.SECTIONS, "Parameters");
        SortedMap<?, ?> read =
                key == null ? null : (SortedMap<?, ?>) key.shape().read(section, in);
        if (read != null && section instanceof YamlNode.Mapping mapping) {
            for (YamlNode.Entry entry : mapping.entries()) {
                parameters.declare(
                        entry, ServiceDecoder.tree(read.get(entry.key().text())));
            }
        }
        return parameters;
    }

    public Set<String> names() {
        return declared.keySet();
    }

    private void declare(YamlNode.Entry entry, Map<String, Object> said) {
        YamlNode.Scalar name = entry.key();
        if (!Expander.isName(name.text(), true)) {
            in.fault(name, "invalid parameter name " + in.found(name) + ": use letters, digits, _ and -");
            return;
        }
        Optional<String> otherwise = Optional.ofNullable((String) said.get("default"));
        YamlNode written = entry.value() instanceof YamlNode.Mapping body ? body.get("default") : null;
        if (otherwise.isEmpty() && written instanceof YamlNode.Scalar empty && empty.isNull()) {
            otherwise = Optional.of("");
        }
        YamlNode required = entry.value() instanceof YamlNode.Mapping body ? body.get("required") : null;
        if (otherwise.isPresent()
                && required instanceof YamlNode.Scalar word
                && word.text().equals("true")) {
            in.fault(
                    required,
                    "the parameter " + in.found(name) + " is both required and has a default",
                    "keep one of them");
        }
        if (otherwise.isEmpty() && Boolean.FALSE.equals(said.get("required"))) {
            otherwise = Optional.of("");
        }
        List<?> oneOf = said.get("one_of") instanceof List<?> list ? list : List.of();
        YamlNode patternNode = entry.value() instanceof YamlNode.Mapping body ? body.get("pattern") : null;
        Pattern pattern =
                said.get("pattern") instanceof String text && patternNode != null ? compile(text, patternNode) : null;
        Parameter parameter =
                new Parameter(name, otherwise.map(text -> new Macros.Fill(text, isSecret(written))), oneOf, pattern);
        declared.put(name.text(), parameter);
        if (said.get("default") instanceof String text && written != null) {
            check(parameter, text, isSecret(written), written.at());
        }
    }

    private static boolean isSecret(@Nullable YamlNode written) {
        return written instanceof YamlNode.Scalar scalar && scalar.secret();
    }

    private @Nullable Pattern compile(String text, YamlNode at) {
        if (text.length() > LONGEST_PATTERN) {
            in.fault(at, "the pattern is longer than " + LONGEST_PATTERN + " characters");
            return null;
        }
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException | StackOverflowError fault) {
            in.fault(at, "the pattern " + in.found(at) + " is not a regular expression");
            return null;
        }
    }

    /**
     * The values of all parameters.
     *
     * @param given by name
     * @param missingAt where a missing value is reported; null: where the parameter is declared
     * @param what who is given the values, for messages: {@code the template …}
     */
    public Map<String, Macros.Fill> values(Map<String, Given> given, @Nullable Position missingAt, String what) {
        Map<String, Macros.Fill> values = new HashMap<>();
        for (Map.Entry<String, Given> entry : given.entrySet()) {
            if (!declared.containsKey(entry.getKey())) {
                in.problems()
                        .error(
                                entry.getValue().at(),
                                "unknown parameter " + Wording.quote(entry.getKey()) + " of " + what,
                                Wording.suggest(
                                        entry.getKey(),
                                        declared.keySet(),
                                        declared.isEmpty()
                                                ? "it declares none"
                                                : "known: " + Wording.either(new ArrayList<>(declared.keySet()))));
            }
        }
        for (Parameter parameter : declared.values()) {
            String name = parameter.name.text();
            Given value = given.get(name);
            if (value != null) {
                Position at = value.byHand() ? parameter.name.at() : value.at();
                if (check(parameter, value.text(), value.secret(), at)) {
                    values.put(name, new Macros.Fill(value.text(), value.secret()));
                }
            } else if (parameter.otherwise.isPresent()) {
                values.put(name, parameter.otherwise.get());
            } else {
                in.problems()
                        .error(
                                missingAt == null ? parameter.name.at() : missingAt,
                                "the parameter " + Wording.quote(name) + " of " + what + " has no value",
                                missingAt == null
                                        ? "use --set " + name + "=VALUE, or declare a default"
                                        : "write with: {" + name + ": VALUE}, or --set " + name + "=VALUE");
            }
        }
        return values;
    }

    /** Warns of parameters that nothing uses. */
    public void warnUnused(Set<String> used) {
        if (in.problems().hasErrors()) {
            return;
        }
        for (Parameter parameter : declared.values()) {
            if (!used.contains(parameter.name.text())) {
                in.problems()
                        .warning(
                                parameter.name.at(),
                                "the parameter " + in.found(parameter.name) + " is not used",
                                "write {{" + parameter.name.text() + "}} where it is needed, or remove the parameter");
            }
        }
    }

    private boolean check(Parameter parameter, String value, boolean secret, Position at) {
        String name = parameter.name.text();
        String shown = secret || in.secretName(name) ? "the value" : Wording.quote(Reading.hideCredentials(value));
        if (!parameter.oneOf.isEmpty() && !parameter.oneOf.contains(value)) {
            List<String> choices = new ArrayList<>();
            parameter.oneOf.forEach(choice -> choices.add(String.valueOf(choice)));
            in.problems()
                    .error(
                            at,
                            shown + " is not allowed for the parameter " + Wording.quote(name),
                            Wording.suggest(value, choices, "one of " + Wording.either(choices)));
            return false;
        }
        if (parameter.pattern != null) {
            Optional<Boolean> matches = value.length() > LONGEST_VALUE
                    ? Optional.of(false)
                    : BoundedMatch.matches(parameter.pattern, value);
            if (matches.isEmpty() || !matches.get()) {
                String what =
                        matches.isEmpty() ? " takes too long to match the pattern " : " does not match the pattern ";
                in.problems()
                        .error(
                                at,
                                shown + what + Wording.quote(parameter.pattern.pattern()) + " of the parameter "
                                        + Wording.quote(name),
                                matches.isEmpty() ? "write a simpler pattern" : "the whole value must match");
                return false;
            }
        }
        return true;
    }
}
