package org.portolan.servicefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.service.ServiceSpec.Volume;

/** Folders and files of a work tree that a service mounts. */
class RelativeBindsTest {
    private static MemoryTree tree(String servicefile) {
        return MemoryTree.of(servicefile)
                .with("conf/web.conf", "a")
                .with("apps/web.Servicefile", "web: {volumes: {./site: /site, ../conf: /conf}}\n")
                .with("apps/site/index.html", "b")
                .onDisk(true);
    }

    private static List<Volume> volumes(String servicefile) {
        return ServiceSpec.from(
                        "web",
                        LoadedFile.at(LoadedFile.one(tree(servicefile)).services(), "web")
                                .definition())
                .volumes();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "web: {volumes: {./conf: \"/etc/web:ro\"}}",
                "web: {volumes: [\"./conf:/etc/web:ro\"]}",
                "web: {volumes: {conf: {bind: ./conf, target: /etc/web, read_only: true}}}",
                "web: {volumes: {conf: {bind: conf/, target: /etc/web, read_only: true}}}",
                "Parameters: {dir: {default: conf}}\nweb: {volumes: {\"./{{dir}}\": \"/etc/web:ro\"}}"
            })
    void theFolderOfTheWorkTreeIsMounted(String file) {
        assertThat(volumes(file)).singleElement().satisfies(volume -> {
            assertThat(volume.kind()).isEqualTo(Volume.Kind.BIND);
            assertThat(volume.name()).isEqualTo("conf");
            assertThat(volume.source()).isEqualTo("/repository/conf");
            assertThat(volume.target()).isEqualTo("/etc/web");
            assertThat(volume.readOnly()).isTrue();
        });
    }

    @Test
    void aFileIsMountedTooAndATemplatesPathsAreRelativeToTheTemplate() {
        assertThat(volumes("web: {volumes: {./conf/web.conf: /etc/web.conf}}")
                        .getFirst()
                        .source())
                .isEqualTo("/repository/conf/web.conf");
        assertThat(volumes("Deployments: {shop: {template: apps/web.Servicefile}}"))
                .extracting(Volume::source)
                .containsExactlyInAnyOrder("/repository/apps/site", "/repository/conf");
    }

    private static void assertRefused(MemoryTree tree, String says) {
        assertThat(LoadedFile.faults(tree, LoadedFile.options()))
                .singleElement()
                .satisfies(fault -> assertThat(fault).contains(says));
    }

    @Test
    void whatIsNotThereOrOutsideIsRefused() {
        assertRefused(tree("web: {volumes: {./cnof: /conf}}\n"), "host path \"./cnof\" does not exist");
        assertRefused(tree("web: {volumes: {../conf: /conf}}\n"), "is outside the test's tree");
        assertRefused(tree("web: {volumes: {./linked/x: /conf}}\n"), "leads outside the test's tree");
        assertRefused(tree("web: {volumes: {~/conf: /conf}}\n"), "~ is not filled in");
        assertRefused(tree("web: {volumes: {c: {bind: ~/conf, target: /conf}}}\n"), "~ is not filled in");
    }

    @Test
    void aCommitsFilesCannotBeMounted() {
        for (String volumes : List.of("{./conf: /conf}", "[\"./conf:/conf\"]", "{c: {bind: ./conf, target: /conf}}")) {
            MemoryTree commit = tree("web: {volumes: " + volumes + "}\n").onDisk(false);
            assertRefused(commit, "the files of a commit are not on disk");
            assertRefused(commit, "files: {/path: conf}");
        }
    }
}
