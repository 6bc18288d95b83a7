package org.portolan.servicefile.format;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.portolan.model.service.ServiceFile;
import org.portolan.servicefile.yaml.YamlNode;

/** What makes a running instance take a file's new content: a map with one of signal and cmd. */
public record ReloadShape() implements Shape {
    private static final String EXAMPLE = "for example: {signal: HUP} or {cmd: nginx -s reload}";
    public static final List<Key> KEYS = List.of(
            Key.of(
                    "signal",
                    new OptionShapes.Signal(),
                    "",
                    "The signal for the first process of the container; a shell in it sends it.",
                    "signal: HUP"),
            Key.of(
                    "cmd",
                    new CommandShape(true, false),
                    "",
                    "A command to run in the container. The reload has failed if it does not exit with 0.",
                    "cmd: nginx -s reload"),
            Key.withDefault(
                    "deadline",
                    Shapes.POSITIVE_DURATION,
                    ServiceFile.Reload.DEADLINE,
                    "The longest time that it may take.",
                    "deadline: 2m"));
    private static final Fields FIELDS = new Fields("reload", KEYS, false);

    @Override
    public @Nullable SortedMap<String, Object> read(YamlNode node, Reading in) {
        if (!(node instanceof YamlNode.Mapping mapping)) {
            in.fault(node, "expected a map for reload, found " + in.found(node), EXAMPLE);
            return null;
        }
        SortedMap<String, Object> reload = FIELDS.read(node, in);
        if (reload == null || FIELDS.hasUnknown(mapping)) {
            return null;
        }
        boolean signal = !YamlNode.isNull(mapping.get("signal"));
        boolean command = !YamlNode.isNull(mapping.get("cmd"));
        if (signal == command) {
            in.fault(node, signal ? "reload has signal and cmd" : "reload has neither signal nor cmd", EXAMPLE);
            return null;
        }
        reload.computeIfPresent("signal", (key, name) -> name.toString().replaceFirst("^SIG", ""));
        return reload.containsKey("signal") || reload.containsKey("cmd") ? reload : null;
    }

    @Override
    public String words() {
        return "map with `signal` or `cmd`";
    }

    @Override
    public Map<String, Object> schema() {
        return FIELDS.schema();
    }
}
