package org.portolan.proof;

import java.io.IOException;
import java.nio.file.Path;

/** Certificates of the proof's own, with their keys. */
final class ProofCertificates {
    private ProofCertificates() {}

    /** Writes a certificate for these names to {@code file}, its key to {@code file.key}. */
    static void make(Path folder, String file, String... names) throws IOException, InterruptedException {
        ProofPrograms.run(
                folder,
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days",
                "36500",
                "-subj",
                "/CN=" + names[0],
                "-addext",
                "subjectAltName=DNS:" + String.join(",DNS:", names),
                "-keyout",
                file + ".key",
                "-out",
                file);
    }
}
