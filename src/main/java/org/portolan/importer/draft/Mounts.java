package org.portolan.importer.draft;

/** Mounts as {@code docker run -v} takes them. */
public final class Mounts {
    private Mounts() {}

    /** Writes {@code source:/target[:options]}, or {@code /target} for a volume without a name. */
    public static void write(String value, Cursor at, ServiceDraft service) {
        String[] parts = value.split(":", 3);
        String target = parts.length == 1 ? parts[0] : parts[1];
        String source = parts.length == 1 ? "" : parts[0];
        boolean readOnly = false;
        for (String option : (parts.length == 3 ? parts[2] : "").split(",", -1)) {
            if (option.equals("ro")) {
                readOnly = true;
            } else if (!option.isEmpty() && !option.equals("rw")) {
                at.lost("the option " + option + " of a mount has no counterpart");
            }
        }
        if (!target.startsWith("/")) {
            at.lost("the path in the container must be absolute: " + MacroText.shown(target));
            return;
        }
        Part.Fields volumes = service.keys().map("volumes");
        String written = MacroText.fill(target) + (readOnly ? ":ro" : "");
        if (source.startsWith("/") && volumes.get(MacroText.fill(source)) != null) {
            Part.Fields more = new Part.Fields().put("bind", MacroText.fill(source));
            more.put("target", MacroText.fill(target));
            if (readOnly) {
                more.put("read_only", Part.plain(true));
            }
            volumes.put(
                    Naming.free(Naming.name(target, "data"), volumes.entries().keySet()), more);
        } else if (source.startsWith("/")) {
            volumes.put(MacroText.fill(source), written);
        } else if (source.startsWith(".") || source.startsWith("~") || source.startsWith("$")) {
            at.lost("a path relative to the home directory of a server: mount an absolute one, or name a volume");
            if (volumes.isEmpty()) {
                service.keys().remove("volumes");
            }
        } else {
            String name = Naming.name(source.isEmpty() ? target : source, "data");
            if (source.isEmpty()) {
                volumes.put(Naming.free(name, volumes.entries().keySet()), written);
            } else if (volumes.get(name) == null) {
                volumes.put(name, written);
            } else {
                at.lost("a service mounts a volume once: " + name + " is mounted at another path already");
            }
        }
    }
}
