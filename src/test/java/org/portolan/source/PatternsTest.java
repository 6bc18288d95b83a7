package org.portolan.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which paths and branches patterns stand for. */
class PatternsTest {
    @ParameterizedTest
    @CsvSource({
        "hosts/*/Servicefile, hosts/a/Servicefile, true",
        "hosts/*/Servicefile, hosts/a/b/Servicefile, false",
        "hosts/*/Servicefile, hosts/Servicefile, false",
        "hosts/*, hosts/a/Servicefile, true",
        "hosts/*, hosts/README.md, false",
        "hosts/*.yaml, hosts/a.yaml, true",
        "hosts/*.yaml, hosts/a.yaml.bak, false",
        "hosts/web-?.yaml, hosts/web-1.yaml, true",
        "hosts/web-?.yaml, hosts/web-10.yaml, false",
        "**, Servicefile, true",
        "**, a/b/Servicefile, true",
        "**/Servicefile, Servicefile, true",
        "**/Servicefile, a/b/c/Servicefile, true",
        "**/Servicefile, a/Servicefile.old, false",
        "a/**/b/*.yaml, a/b/x.yaml, true",
        "a/**/b/*.yaml, a/x/y/b/b/x.yaml, true",
        "a/**/b/*.yaml, a/x/y/c/x.yaml, false",
        "./hosts//*/Servicefile, hosts/a/Servicefile, true"
    })
    void paths(String pattern, String path, boolean like) {
        PathPattern read = PathPattern.parse(pattern).orElseThrow();
        assertThat(read.matches(path)).isEqualTo(like);
        if (like) {
            for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
                assertThat(read.mayLieBelow(path.substring(0, slash)))
                        .as("below " + path.substring(0, slash))
                        .isTrue();
            }
        }
    }

    @Test
    void foldersWithoutSuchFilesAreNotLookedThrough() {
        PathPattern pattern = PathPattern.parse("hosts/*/Servicefile").orElseThrow();
        assertThat(pattern.mayLieBelow("vendor")).isFalse();
        assertThat(pattern.mayLieBelow("hosts/a")).isTrue();
        assertThat(pattern.mayLieBelow("hosts/a/b")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"hosts/a", "'../*'", "a/../*", "a**b/c", "''"})
    void whatIsNoPattern(String text) {
        assertThat(PathPattern.parse(text)).isEmpty();
    }

    @Test
    void noPatternTakesLong() {
        PathPattern names = PathPattern.parse("*a".repeat(200) + "b").orElseThrow();
        PathPattern folders = PathPattern.parse("**/a/".repeat(9) + "b").orElseThrow();
        assertThatCode(() -> {
                    org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(Duration.ofSeconds(2), () -> {
                        assertThat(names.matches("a".repeat(4000))).isFalse();
                        assertThat(folders.matches("a/".repeat(2000))).isFalse();
                    });
                })
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "release/*, release/1.2, 1.2, 1-2",
        "release/*, release/1.2/Hot_Fix, 1.2/Hot_Fix, 1-2-hot-fix",
        "*, main, main, main",
        "*-next, shop-next, shop, shop",
        "release/*, release/, ,",
        "release/*, main, ,"
    })
    void branches(String pattern, String branch, String star, String name) {
        BranchPattern read = BranchPattern.parse(pattern).orElseThrow();
        assertThat(read.star(branch).orElse(null)).isEqualTo(star);
        if (star != null) {
            assertThat(BranchPattern.asName(star)).isEqualTo(name);
        }
    }
}
