package org.portolan.controller;

import java.util.Optional;
import org.portolan.config.Configuration;
import org.portolan.config.ConfigurationWatch;
import org.portolan.model.Failure;

/** Takes over what is written into the configuration while the process runs, where it can; see {@link Configuration#with}. */
@FunctionalInterface
public interface LiveConfiguration {
    /** Of one that stays as it is. */
    LiveConfiguration FIXED = Optional::empty;

    /** Looks at the file; empty: nothing is to be said since the last time. Asked every few seconds by one thread. */
    Optional<ConfigurationState> look();

    /** Has the file read at the next look, whether it was changed or not. */
    default void hurry() {}

    /** That of a file, for these parts. */
    static LiveConfiguration of(ConfigurationWatch watch, Controlled parts) {
        return new LiveConfiguration() {
            @Override
            public Optional<ConfigurationState> look() {
                return watch.look().map(found -> {
                    boolean changed = found.taken()
                            .filter(newer -> !newer.with(parts.configuration()).equals(newer))
                            .isPresent();
                    found.taken().ifPresent(parts::use);
                    return new ConfigurationState(
                            watch.file().toString(),
                            changed,
                            found.later(),
                            found.fault().map(LiveConfiguration::words).orElse(""));
                });
            }

            @Override
            public void hurry() {
                watch.hurry();
            }
        };
    }

    private static String words(Failure fault) {
        return KeptStandings.words(fault);
    }
}
