package org.portolan.controller;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.config.SourceSettings;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.sync.LoadedSource;
import org.portolan.sync.SourceLoader;
import org.portolan.sync.SourceRequest;

/** The sources of the configuration that are followed, read as an automatic deploy reads them. */
public final class FollowedSources implements SourceReader {
    private final List<SourceSettings> settings;
    private final SourceLoader loader;

    public FollowedSources(List<SourceSettings> settings, SourceLoader loader) {
        this.settings =
                settings.stream().filter(each -> each.watch().isPresent()).toList();
        this.loader = loader;
    }

    /** Those that there are. */
    public List<Followed> all() {
        List<Followed> all = new ArrayList<>();
        for (SourceSettings each : settings) {
            each.watch()
                    .ifPresent(watch -> all.add(new Followed(
                            each.name(), watch.poll(), watch.report(), owner -> SourceSettings.of(settings, owner)
                                    .contains(each))));
        }
        return all;
    }

    @Override
    public Declared read(String source) {
        SourceSettings own = settings.stream()
                .filter(each -> each.name().equals(source))
                .findFirst()
                .orElseThrow(() -> new Failure(Kind.NOT_FOUND, "unknown source " + source));
        SourceSettings.Watch watch = own.watch().orElseThrow();
        LoadedSource read = loader.load(new SourceRequest(
                new SourceRequest.Place.Repository(
                        watch.url().text(), watch.ref(), own.path().orElse("")),
                Map.of(),
                Optional.empty(),
                true,
                true));
        return new Declared(read.source(), read.commit(), read.withOrigin(), read.complete());
    }
}
