package org.portolan.importer;

import java.util.List;
import org.portolan.importer.draft.Draft;
import org.portolan.importer.draft.Remark;

/**
 * What an import made.
 *
 * @param system what the input was recognised as
 * @param draft the Servicefile, with the env files that belong to it
 * @param remarks everything that it does not say, or says in another way
 */
public record Imported(ForeignSystem system, Draft draft, List<Remark> remarks) {}
