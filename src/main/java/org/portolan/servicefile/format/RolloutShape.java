package org.portolan.servicefile.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;

/** How a new version replaces an old one: a strategy's name, or a map. */
public record RolloutShape() implements Shape {
    private static final Shapes.OneOf STRATEGY =
            new Shapes.OneOf(List.of("rolling", "blue-green", "canary", "recreate"));
    private static final Shapes.Whole INSTANCES = new Shapes.Whole("a number of instances", 0, 1000);
    public static final List<Key> KEYS = List.of(
            Key.of(
                    "strategy",
                    STRATEGY,
                    "rolling; recreate with a writable volume or a fixed host port",
                    "`rolling`: a few instances at a time. `blue-green`: all new beside all old, then one switch. `canary`: "
                            + "growing shares of the traffic. `recreate`: stops the old instances first.",
                    "strategy: canary"),
            Key.withDefault(
                    "max_surge",
                    INSTANCES,
                    1L,
                    "How many instances above the scale may run during a rollout.",
                    "max_surge: 2"),
            Key.withDefault(
                    "max_unavailable",
                    INSTANCES,
                    0L,
                    "How many instances below the scale may run during a rollout.",
                    "max_unavailable: 1"),
            Key.of(
                    "batch",
                    new Shapes.Whole("a number of instances", 1, 1000),
                    "",
                    "How many instances are replaced at a time: the same as `max_surge`.",
                    "batch: 3"),
            Key.of(
                    "min_healthy",
                    Shapes.DURATION,
                    "2s with health, 1s without",
                    "How long a new instance must stay healthy without interruption. `0s` without `health`: it only has to be"
                            + " seen running once.",
                    "min_healthy: 10s"),
            Key.withDefault(
                    "keep_old",
                    Shapes.DURATION,
                    "0s",
                    "How long `blue-green` keeps the old instances for a fast rollback.",
                    "keep_old: 5m"),
            Key.of(
                    "steps",
                    new StepsShape(),
                    "[5, 25, 50, 100]",
                    "The shares of a canary, in percent: numbers, or `{weight: 5, bake: 1m}`, or "
                            + "`{weight: 50, promote: true}` to wait for `portolan promote`. 100 is added at the end.",
                    "steps: [5, {weight: 50, promote: true}, 100]"),
            Key.of(
                    "bake",
                    Shapes.DURATION,
                    "30s for a canary or with errors or latency gates, else 0s",
                    "How long new instances are observed before the rollout continues: in each step of a canary without `bake`; "
                            + "otherwise the first new instance while the old ones are serving, and then all of them. `blue-green` "
                            + "keeps the old instances for as long. A failure in this time rolls the release back.",
                    "bake: 2m"),
            Key.of(
                    "gates",
                    new GatesShape(),
                    "",
                    "Conditions to continue: `{http: /ready}`, `{command: ./smoke}`, `{errors: 1%}` (5xx answers), "
                            + "`{latency: 200ms}` (the mean of an instance's last 1024 answers). The last two are checked "
                            + "continuously once the new version has given 20 answers in the current step, and fail only "
                            + "if it is also worse than the old version.",
                    "gates: [{errors: 1%}, {latency: 200ms}]"),
            Key.of(
                    "deadline",
                    Shapes.POSITIVE_DURATION,
                    "only the deadlines of the instances",
                    "The longest time without progress, without bake times. Without `health` also the time in which an "
                            + "instance must listen on its ports; default 60s.",
                    "deadline: 10m"));
    private static final Fields FIELDS = new Fields("rollout", KEYS, false);

    @Override
    public @Nullable SortedMap<String, Object> read(YamlNode node, Reading in) {
        if (node instanceof YamlNode.Scalar) {
            Object strategy = STRATEGY.read(node, in);
            return strategy == null ? null : new TreeMap<>(Map.of("strategy", strategy));
        }
        SortedMap<String, Object> rollout = FIELDS.read(node, in);
        if (rollout == null || !(node instanceof YamlNode.Mapping mapping)) {
            return null;
        }
        Object batch = rollout.remove("batch");
        if (batch != null && mapping.get("max_surge") != null) {
            in.fault(
                    java.util.Objects.requireNonNull(mapping.get("batch")),
                    "batch and max_surge cannot be used together",
                    "keep one of them");
        } else if (batch != null && !batch.equals(1L)) {
            rollout.put("max_surge", batch);
        }
        Object strategy = rollout.getOrDefault("strategy", "rolling");
        if (strategy.equals("rolling")
                && Long.valueOf(0).equals(rollout.get("max_surge"))
                && !rollout.containsKey("max_unavailable")) {
            in.fault(
                    node,
                    "max_surge and max_unavailable are both 0, so nothing can be replaced",
                    "set one of them to at least 1");
        }
        YamlNode steps = mapping.get("steps");
        if (!strategy.equals("canary")) {
            if (steps != null) {
                in.fault(steps, "steps need the strategy canary", "add strategy: canary");
            }
            rollout.remove("steps");
        } else {
            Object bake = rollout.remove("bake");
            rollout.put("steps", StepsShape.complete((List<?>) rollout.get("steps"), bake));
        }
        return rollout.isEmpty() ? null : rollout;
    }

    @Override
    public String words() {
        return "map, or a strategy";
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.either(List.of(STRATEGY.schema(), FIELDS.schema()));
    }

    /** Steps of a canary. Normal form: maps of weight with bake or promote. */
    record StepsShape() implements Shape {
        private static final Shapes.Whole WEIGHT = new Shapes.Whole("a share in percent", 1, 100);
        private static final Fields STEP = new Fields(
                "a step",
                List.of(
                        Key.of("weight", WEIGHT, "", "The new version's share of the traffic, in percent.", ""),
                        Key.of("bake", Shapes.DURATION, "", "How long to observe it before the next step.", ""),
                        Key.withDefault("promote", Shapes.FLAG, false, "Wait for `portolan promote`.", "")),
                false);

        @Override
        public @Nullable Object read(YamlNode node, Reading in) {
            if (!(node instanceof YamlNode.Sequence list)) {
                in.fault(node, "expected a list of steps, found " + in.found(node), "for example: [5, 25, 50, 100]");
                return null;
            }
            List<Object> steps = new ArrayList<>();
            long before = 0;
            for (YamlNode item : list.items()) {
                SortedMap<String, Object> step = step(item, in);
                if (step == null) {
                    continue;
                }
                if (!(step.get("weight") instanceof Long weight)) {
                    in.fault(item, "the step has no weight", "for example: {weight: 5, bake: 1m}");
                } else if (weight <= before) {
                    in.fault(item, "the weights of steps must increase: " + weight + " after " + before);
                } else if (step.containsKey("bake") && step.containsKey("promote")) {
                    in.fault(item, "a step has bake or promote, not both", "keep one of them");
                } else {
                    before = weight;
                    steps.add(step);
                }
            }
            return steps.isEmpty() ? null : steps;
        }

        private static @Nullable SortedMap<String, Object> step(YamlNode item, Reading in) {
            if (item instanceof YamlNode.Mapping) {
                return STEP.read(item, in);
            }
            Object weight = WEIGHT.read(item, in);
            return weight == null ? null : new TreeMap<>(Map.of("weight", weight));
        }

        /** Every step with its bake time, and the full share at the end. */
        static List<Object> complete(@Nullable List<?> written, @Nullable Object bake) {
            List<Object> steps = new ArrayList<>();
            if (written == null) {
                for (long weight : new long[] {5, 25, 50}) {
                    steps.add(new TreeMap<>(Map.of("weight", weight, "bake", bake == null ? "30s" : bake)));
                }
            } else {
                for (Object item : written) {
                    SortedMap<String, Object> step = new TreeMap<>();
                    ((Map<?, ?>) item).forEach((key, value) -> step.put((String) key, value));
                    boolean last = Long.valueOf(100).equals(step.get("weight"));
                    if (!step.containsKey("promote")) {
                        step.putIfAbsent("bake", last ? "0s" : bake == null ? "30s" : bake);
                    }
                    steps.add(step);
                }
            }
            Object last = steps.get(steps.size() - 1);
            if (!Long.valueOf(100).equals(((Map<?, ?>) last).get("weight"))) {
                steps.add(new TreeMap<>(Map.of("weight", 100L, "bake", "0s")));
            }
            return steps;
        }

        @Override
        public String words() {
            return "list of percentages or maps";
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.listOf(Schemas.either(List.of(WEIGHT.schema(), STEP.schema())));
        }
    }

    /** Gates: a list of maps, or one map. Normal form: maps of one key each. */
    record GatesShape() implements Shape {
        private static final Fields GATE = new Fields(
                "a gate",
                List.of(
                        Key.of("http", new Shapes.Text("a path"), "", "A path to request from each new instance.", ""),
                        Key.of(
                                "command",
                                new CommandShape(true, false),
                                "",
                                "A command to run in each new instance.",
                                ""),
                        Key.of("errors", new Percent(), "", "The highest share of 5xx answers, in percent.", ""),
                        Key.of("latency", Shapes.POSITIVE_DURATION, "", "The highest mean response time.", "")),
                false);

        @Override
        public @Nullable Object read(YamlNode node, Reading in) {
            List<Object> gates = new ArrayList<>();
            List<YamlNode> items = node instanceof YamlNode.Sequence list ? list.items() : List.of(node);
            for (YamlNode item : items) {
                SortedMap<String, Object> gate = GATE.read(item, in);
                if (gate != null) {
                    if (gate.get("http") instanceof String path && !path.startsWith("/")) {
                        in.fault(
                                item,
                                "expected a path that begins with / for an http gate, found " + Wording.quote(path));
                    }
                    gate.forEach((kind, limit) -> gates.add(Map.of(kind, limit)));
                }
            }
            return gates.isEmpty() ? null : gates;
        }

        @Override
        public String words() {
            return "list of gates";
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.either(List.of(GATE.schema(), Schemas.listOf(GATE.schema())));
        }
    }

    /** A share in percent, with or without the sign; kept as decimal text. */
    record Percent() implements Shape {
        @Override
        public @Nullable Object read(YamlNode node, Reading in) {
            String text = in.text(node, "a share such as 1%");
            if (text == null) {
                return null;
            }
            String digits =
                    text.endsWith("%") ? text.substring(0, text.length() - 1).strip() : text;
            String number = Shapes.Decimal.canonical(digits);
            if (number == null || Double.parseDouble(number) > 100) {
                in.fault(node, "expected a share from 0% to 100%, found " + in.found(node));
                return null;
            }
            return number;
        }

        @Override
        public String words() {
            return "percentage";
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.either(List.of(Map.of("type", "number"), Schemas.pattern("^[0-9.]+ *%?$")));
        }
    }
}
