package org.portolan.imports;

import java.nio.file.Path;
import java.util.List;
import org.portolan.importer.ForeignSystem;
import org.portolan.importer.draft.Remark;
import org.portolan.model.Problem;

/**
 * What an import came to.
 *
 * @param system what the input was recognised as
 * @param text the Servicefile
 * @param services how many services it has
 * @param written the files that were written, the Servicefile first; none when it is only shown
 * @param remarks everything that it does not say, or says in another way
 * @param faults what the check of the Servicefile found
 */
public record ImportResult(
        ForeignSystem system,
        String text,
        int services,
        List<Path> written,
        List<Remark> remarks,
        List<Problem> faults) {

    /** Whether {@code validate} accepts the Servicefile. */
    public boolean valid() {
        return faults.stream().noneMatch(Problem::isError);
    }
}
