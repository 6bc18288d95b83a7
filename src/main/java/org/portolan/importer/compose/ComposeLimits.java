package org.portolan.importer.compose;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.portolan.importer.draft.Cursor;
import org.portolan.importer.draft.Part;
import org.portolan.importer.draft.ServiceDraft;
import org.portolan.model.Durations;

/** {@code deploy} of a service, and the limits of older formats. */
final class ComposeLimits {
    private static final Set<String> KEYS =
            Set.of("cpus", "cpu_shares", "mem_limit", "memswap_limit", "mem_reservation", "pids_limit", "cpu_quota");

    private final ComposeContext context;

    ComposeLimits(ComposeContext context) {
        this.context = context;
    }

    static boolean knows(String key) {
        return KEYS.contains(key);
    }

    void limit(String key, Cursor value, Cursor body, ServiceDraft service) {
        String text = context.variables().fill(value);
        Part.Fields resources = service.keys().map("resources");
        switch (key) {
            case "cpus" -> resources.put("cpus", Part.number(text));
            case "cpu_shares" -> resources.put("cpu_shares", Part.number(text));
            case "mem_limit" -> resources.put("memory", text);
            case "memswap_limit" -> swap(text, resources, service);
            case "pids_limit" -> {
                if (!text.startsWith("-") && !text.equals("0")) {
                    resources.put("pids", Part.number(text));
                }
            }
            case "mem_reservation" -> reservation(value, text, service);
            case "cpu_quota" -> quota(value, text, body, resources);
            default -> throw new IllegalArgumentException(key);
        }
        if (resources.isEmpty()) {
            service.keys().remove("resources");
        }
    }

    private static void swap(String text, Part.Fields resources, ServiceDraft service) {
        if (text.startsWith("-")) {
            service.hostConfig().put("MemorySwap", Part.plain(-1));
        } else {
            resources.put("memory_swap", text);
        }
    }

    private void quota(Cursor value, String text, Cursor body, Part.Fields resources) {
        Cursor said = body.get("cpu_period");
        String period = said == null ? "100000" : context.variables().resolved(said);
        if (text.matches("[0-9]{1,9}") && period.matches("[1-9][0-9]{0,8}")) {
            BigDecimal cpus = new BigDecimal(text).divide(new BigDecimal(period), 6, RoundingMode.HALF_UP);
            resources.put("cpus", Part.plain(cpus.stripTrailingZeros().toPlainString()));
        } else {
            value.lost("write resources: {cpus: 0.5}");
        }
    }

    private static void reservation(Cursor value, String text, ServiceDraft service) {
        Optional<Long> bytes = bytes(text);
        if (bytes.isPresent()) {
            service.hostConfig().put("MemoryReservation", Part.plain(bytes.get()));
        } else {
            value.lost("not a size: " + text);
        }
    }

    static Optional<Long> bytes(String text) {
        String lower = text.toLowerCase(Locale.ROOT).strip();
        if (!lower.matches("[0-9]{1,12}([kmgt]i?b?|b)?")) {
            return Optional.empty();
        }
        String digits = lower.replaceAll("[a-z]+", "");
        long unit = Map.of('k', 1L << 10, 'm', 1L << 20, 'g', 1L << 30, 't', 1L << 40)
                .getOrDefault((lower + " ").charAt(digits.length()), 1L);
        return Optional.of(Long.parseLong(digits) * unit);
    }

    void deploy(Cursor deploy, ServiceDraft service) {
        Cursor mode = deploy.get("mode");
        if (mode != null && !mode.peek().equals("replicated")) {
            mode.lost("Portolan runs a number of instances: write scale:");
        } else if (mode != null) {
            mode.use();
        }
        Cursor replicas = deploy.get("replicas");
        if (replicas != null) {
            service.keys().put("scale", Part.number(context.variables().fill(replicas)));
        }
        Cursor limits = below(deploy, "resources", "limits");
        if (limits != null) {
            Part.Fields resources = service.keys().map("resources");
            put(limits, "cpus", resources, "cpus", true);
            put(limits, "memory", resources, "memory", false);
            put(limits, "pids", resources, "pids", true);
            if (resources.isEmpty()) {
                service.keys().remove("resources");
            }
        }
        Cursor reserved = below(deploy, "resources", "reservations");
        if (reserved != null) {
            reservations(reserved, service);
        }
        restart(deploy.get("restart_policy"), service);
        update(deploy.get("update_config"), service);
    }

    private static @org.jspecify.annotations.Nullable Cursor below(Cursor map, String first, String second) {
        Cursor between = map.get(first);
        return between == null ? null : between.get(second);
    }

    private void put(Cursor from, String key, Part.Fields to, String name, boolean number) {
        Cursor value = from.get(key);
        if (value != null) {
            String text = context.variables().fill(value);
            to.put(name, number ? Part.number(text) : Part.text(text));
        }
    }

    private void reservations(Cursor reserved, ServiceDraft service) {
        Cursor memory = reserved.get("memory");
        if (memory != null) {
            reservation(memory, context.variables().fill(memory), service);
        }
        Cursor devices = reserved.get("devices");
        if (devices == null) {
            return;
        }
        for (Cursor device : devices.items()) {
            Part.Fields request = new Part.Fields();
            Cursor driver = device.get("driver");
            if (driver != null) {
                request.put("Driver", context.variables().fill(driver));
            }
            Cursor ids = device.get("device_ids");
            if (ids != null) {
                request.put(
                        "DeviceIDs",
                        Part.texts(ids.items().stream()
                                .map(context.variables()::fill)
                                .toList()));
            } else {
                Cursor count = device.get("count");
                String number = count == null ? "all" : context.variables().resolved(count);
                request.put("Count", number.equals("all") ? Part.plain(-1) : Part.number(number));
            }
            Cursor capabilities = device.get("capabilities");
            if (capabilities != null) {
                Part all = Part.texts(capabilities.items().stream()
                        .map(context.variables()::fill)
                        .toList());
                request.put("Capabilities", new Part.Items(java.util.List.of(all)));
            }
            service.hostConfig().add("DeviceRequests", request);
        }
    }

    private void restart(@org.jspecify.annotations.Nullable Cursor policy, ServiceDraft service) {
        if (policy == null) {
            return;
        }
        Cursor condition = policy.get("condition");
        Cursor attempts = policy.get("max_attempts");
        String word = condition == null ? "any" : context.variables().resolved(condition);
        switch (word) {
            case "none" -> service.keys().put("restart", Part.plain("no"));
            case "on-failure" -> {
                String times = attempts == null ? "" : context.variables().resolved(attempts);
                service.keys().put("restart", Part.text("on-failure" + (times.isEmpty() ? "" : ":" + times)));
            }
            case "any" -> service.keys().put("restart", Part.text("always"));
            default -> policy.lost("unknown condition " + word);
        }
    }

    private void update(@org.jspecify.annotations.Nullable Cursor update, ServiceDraft service) {
        if (update == null) {
            return;
        }
        Part.Fields rollout = service.keys().map("rollout");
        Cursor order = update.get("order");
        String word = order == null ? "" : context.variables().resolved(order);
        if (word.equals("start-first")) {
            rollout.put("strategy", "rolling");
        } else if (word.equals("stop-first")) {
            rollout.put("strategy", "recreate");
        }
        Cursor parallel = update.get("parallelism");
        if (parallel != null) {
            String number = context.variables().fill(parallel);
            if (number.equals("0") || word.equals("stop-first")) {
                parallel.lost("all at once is strategy: blue-green; recreate replaces one instance at a time");
            } else {
                rollout.put("max_surge", Part.number(number));
            }
        }
        Cursor monitor = update.get("monitor");
        if (monitor != null) {
            String text = context.variables().resolved(monitor);
            Optional<java.time.Duration> time = ComposeHealth.duration(text);
            if (time.isPresent()) {
                rollout.put("min_healthy", Durations.format(time.get()));
            } else {
                monitor.lost("not a duration such as 10s: " + text);
            }
        }
        Cursor failure = update.get("failure_action");
        if (failure != null && failure.peek().equals("rollback")) {
            failure.use();
        }
        if (rollout.isEmpty()) {
            service.keys().remove("rollout");
        }
    }
}
