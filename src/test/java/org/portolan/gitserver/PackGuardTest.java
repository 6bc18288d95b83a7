package org.portolan.gitserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The size of a pack, however its bytes come. */
class PackGuardTest {
    private static final int MOST = 1000;

    private static byte[] push(int pack) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String line = "0".repeat(40) + " " + "1".repeat(40) + " refs/heads/main";
        out.writeBytes("%04x%s0000PACK".formatted(line.length() + 4, line).getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(new byte[] {0, 0, 0, 2, 0, 0, 0, 1});
        out.writeBytes(new byte[pack - 12]);
        return out.toByteArray();
    }

    private static int read(InputStream in, int part) throws IOException {
        byte[] bytes = new byte[part];
        int all = 0;
        while (true) {
            int got = part == 1 ? Math.min(in.read(), 0) + 1 : in.read(bytes);
            if (got <= 0) {
                return all;
            }
            all += got;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100, 4000})
    void onlyWhatIsLargerIsRefused(int part) throws IOException {
        byte[] fits = push(MOST);
        assertThat(read(new PackGuard(new ByteArrayInputStream(fits), 10, MOST), part))
                .isEqualTo(fits.length);
        // Of one that is too large nothing more needs to come.
        assertThatThrownBy(() -> read(new PackGuard(new ByteArrayInputStream(push(MOST + 1)), 10, MOST), part))
                .hasMessageContaining("exceeds the limit of 1,000");
    }
}
