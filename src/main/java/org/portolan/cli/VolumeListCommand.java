package org.portolan.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.portolan.model.container.StoredVolume;

/** Shows this installation's volumes and who needs them. */
final class VolumeListCommand extends CliCommand {
    private static final String ROW = "%-32s  %-28s  %8s  %s";

    VolumeListCommand() {
        super("list", "Show volumes: owner, size and use.");
    }

    @Override
    int run(Context context) {
        Console console = context.console();
        List<StoredVolume> volumes = context.parts().volumes().stream()
                .filter(volume -> context.options()
                        .deployment()
                        .map(volume.deployment()::equals)
                        .orElse(true))
                .toList();
        if (volumes.isEmpty()) {
            console.empty("No volumes.");
            return ExitStatus.DONE.code();
        }
        console.line(String.format(Locale.ROOT, ROW, "VOLUME", "OF", "SIZE", "STATUS"));
        for (StoredVolume volume : volumes) {
            OptionalLong size = volume.bytes();
            String of = volume.owner()
                    + (volume.volume().isEmpty() || volume.volume().startsWith("/") ? "" : "/")
                    + volume.volume();
            console.line(String.format(
                    Locale.ROOT,
                    ROW,
                    volume.name(),
                    of,
                    size.isPresent() ? bytes(size.getAsLong()) : "-",
                    status(volume)));
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("name", volume.name());
            fields.put("deployment", volume.deployment());
            fields.put("service", volume.service());
            fields.put("volume", volume.volume());
            volume.folder().ifPresent(folder -> fields.put("folder", folder));
            size.ifPresent(count -> fields.put("bytes", count));
            fields.put("used_by", List.copyOf(volume.users()));
            fields.put("declared", volume.declared());
            volume.since().ifPresent(since -> fields.put("kept_since", since.toString()));
            console.record("volume", fields);
        }
        return ExitStatus.DONE.code();
    }

    private static String status(StoredVolume volume) {
        if (!volume.users().isEmpty()) {
            return "in use by " + String.join(", ", volume.users());
        }
        return volume.declared()
                ? "declared, not in use"
                : volume.since().map(since -> "kept since " + Show.time(since)).orElse("kept");
    }

    /** {@code 512 B}, {@code 1.5 MB}, in powers of 1000 as docker shows sizes. */
    static String bytes(long count) {
        String[] units = {"B", "kB", "MB", "GB", "TB"};
        double value = count;
        int unit = 0;
        while (value >= 1000 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return unit == 0 ? count + " B" : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }
}
