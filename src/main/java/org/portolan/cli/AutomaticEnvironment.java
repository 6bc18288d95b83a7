package org.portolan.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.portolan.config.Configurations;
import org.portolan.config.SourceEnvironment;
import org.portolan.config.SourceSettings;
import org.portolan.model.SourceId;
import org.portolan.servicefile.Macros;
import org.portolan.source.GitAddress;
import org.portolan.source.Sources;

/** What {@code %%NAME%%} stands for where nobody's environment does: what the configuration gives the source. */
final class AutomaticEnvironment {
    private AutomaticEnvironment() {}

    static Macros macros(Context context, SourceId source) {
        List<SourceSettings> all = context.parts().configuration().sources();
        SourceEnvironment environment = SourceEnvironment.of(all, source);
        List<SourceSettings> own = SourceSettings.of(all, source);
        return Macros.of(
                environment.plain(),
                environment.secret(),
                name -> "an automatic deploy has only what the configuration gives: in " + file(context) + ", "
                        + (own.isEmpty() ? example(source.location(), name) : key(own.getLast(), name)));
    }

    /** What a hook's installer is told, before a push needs it. */
    static String hint(Context context, Path repository, String path) {
        String location = GitAddress.parse(repository.toString(), Path.of("")).normal();
        List<SourceSettings> all = context.parts().configuration().sources();
        List<SourceSettings> own = new ArrayList<>(
                SourceSettings.of(all, new SourceId(location, path.isEmpty() ? Sources.DEFAULT_NAME : path)));
        if (own.isEmpty() && !path.isEmpty()) {
            own.addAll(SourceSettings.of(all, new SourceId(location, path + "/" + Sources.DEFAULT_NAME)));
        }
        if (own.isEmpty()) {
            return "%%NAME%% in the Servicefile is not the pusher's: give it in " + file(context) + ", "
                    + example(location, "NAME");
        }
        TreeSet<String> names = new TreeSet<>();
        TreeSet<String> files = new TreeSet<>();
        for (SourceSettings settings : own) {
            names.addAll(settings.env().keySet());
            settings.envFiles().forEach(file -> files.add(file.toString()));
        }
        names.addAll(files);
        return "%%NAME%% in the Servicefile is what " + file(context) + " gives the source "
                + own.getLast().name() + ": " + (names.isEmpty() ? "nothing" : String.join(", ", names));
    }

    private static Path file(Context context) {
        return Configurations.file(context.environment(), context.parts().home().root());
    }

    private static String key(SourceSettings source, String name) {
        return "sources." + source.name() + ".env." + name;
    }

    /** A section that can be copied as it is. */
    private static String example(String location, String name) {
        String last = location.substring(location.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9_-]", "-");
        return "sources: {" + (last.isEmpty() ? "site" : last) + ": {url: \"" + location + "\", env: {" + name
                + ": …}}}";
    }
}
