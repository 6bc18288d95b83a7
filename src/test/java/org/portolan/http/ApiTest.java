package org.portolan.http;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A test against an API that listens. */
abstract class ApiTest {
    @TempDir
    Path folder;

    ApiSite api;

    @BeforeEach
    void open() {
        api = new ApiSite(folder).started();
    }

    @AfterEach
    void close() {
        api.close();
    }
}
