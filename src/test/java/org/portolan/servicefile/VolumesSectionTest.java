package org.portolan.servicefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.service.ServiceSpec.Volume;

/** What the section {@code Volumes} means for the services that mount a volume of it. */
class VolumesSectionTest {
    private static Volume volume(String text) {
        return LoadedFile.spec(text).volumes().getFirst();
    }

    @Test
    void aDeclaredVolumeIsOneForAllServicesAndAnotherNameStaysTheServicesOwn() {
        Volume shared = volume("Volumes: {shop_data: {}}\nweb: {volumes: {shop_data: \"/srv:ro\"}}\n");
        assertThat(shared.kind()).isEqualTo(Volume.Kind.SHARED);
        assertThat(shared.engineName("shop", "web")).isEqualTo("shop_shop_data");
        assertThat(shared.readOnly()).isTrue();
        assertThat(shared.inFolder()).isTrue();
        Volume own = volume("Volumes: {shop_data: }\nweb: {volumes: {data: /srv}}\nb: {volumes: [\"shop_data:/x\"]}\n");
        assertThat(own.kind()).isEqualTo(Volume.Kind.NAMED);
        assertThat(own.engineName("shop", "web")).isEqualTo("shop-web-data");
        Volume bind = volume("Volumes: {data: {}}\nweb: {volumes: {/data: /srv}}\nb: {volumes: {data: /x}}\n");
        assertThat(bind.kind()).as("a path is no name").isEqualTo(Volume.Kind.BIND);
    }

    @Test
    void driversAndExternalVolumesAreSaidOnce() {
        Volume nfs = volume("Volumes: {media: {driver: local, options: {type: nfs, device: \":/m\"}}}\n"
                + "web: {volumes: {media: /srv}}\n");
        assertThat(nfs.options()).containsEntry("type", "nfs");
        assertThat(nfs.inFolder()).isFalse();
        Volume external = volume("Volumes: {media: {external: Old_Media.1}}\nweb: {volumes: {media: /srv}}\n");
        assertThat(external.kind()).isEqualTo(Volume.Kind.EXTERNAL);
        assertThat(external.engineName("shop", "web")).isEqualTo("Old_Media.1");
        assertThat(external.made()).isFalse();
    }

    @Test
    void aServiceThatWritesIsReplacedStopFirstAndWithoutTheSectionNothingChanges() {
        String file = "Volumes: {d: {}}\nweb: {volumes: {d: /srv}}\n";
        assertThat(LoadedFile.spec(file).strategy()).isEqualTo(ServiceSpec.Strategy.RECREATE);
        Definition plain = LoadedFile.web("web: {volumes: {d: /srv}}\n");
        assertThat(plain.hash())
                .isEqualTo(Definition.of(java.util.Map.of("image", "web", "volumes", java.util.Map.of("d", "/srv")))
                        .hash());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Volumes: {d: {external: x, driver: nfs}}|no driver and no options",
                "Volumes: {d: {external: \"a/b\"}}|invalid name of a volume",
                "Volumes: {_d: {}}|must not begin with an underscore",
                "Volumes: {D: {}}|invalid volume name",
                "Volumes: [d]|expected a map of volumes",
                "Volumes: {d: {size: 1}}|unknown key",
                "Volumes: {d: {}}{{web: {volumes: {d: {target: /x, driver: nfs}}}|is declared under Volumes",
                "Deployments: {shop: {template: t}}{{Volumes: {d: {}}|write it in the template"
            })
    void whatCannotBeIsRefused(String file, String says) {
        List<String> faults = LoadedFile.faults(file.replace("{{", "\n") + "\n");
        assertThat(faults).anyMatch(fault -> fault.contains(says));
    }

    @Test
    void aVolumeThatNobodyMountsIsWarnedOf() {
        assertThat(Servicefiles.load(MemoryTree.of("Volumes: {d: {}}\nweb: {}\n"), "Servicefile", LoadedFile.options())
                        .warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.render()).contains("no service mounts the volume \"d\""));
    }
}
