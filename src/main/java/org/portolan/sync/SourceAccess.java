package org.portolan.sync;

import org.portolan.config.Configuration;
import org.portolan.process.Home;
import org.portolan.source.Sources;

/** What reading a source needs. Each part is opened when it is first asked for. */
public interface SourceAccess {
    Home home();

    Configuration configuration();

    Sources sources();
}
