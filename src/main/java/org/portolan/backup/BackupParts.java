package org.portolan.backup;

import java.nio.file.Path;
import org.portolan.process.Home;
import org.portolan.store.StoreContent;

/** What backups are made of. Each part is opened when it is first asked for. */
public interface BackupParts {
    /** The state directory. */
    Home home();

    /** What the store holds. */
    StoreContent storeContent();

    /** What the store holds that the configuration names which was just put in place. */
    StoreContent restoredContent();

    /** The configuration file in force, wherever it is. */
    Path configurationFile();

    /** The folder of named volumes, which are not saved. */
    Path volumesFolder();
}
