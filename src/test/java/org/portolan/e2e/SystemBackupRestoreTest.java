package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is not in Git goes to another state directory, and the installation continues there. */
@Tag("e2e")
class SystemBackupRestoreTest extends DeployedShop {
    @Test
    void anotherStateDirectoryGoesOnWhereTheBackupWasMade() throws Exception {
        site.writeWeb("shop", "web:2", "two");
        String file = site.read("shop/Servicefile").replace("{MESSAGE: two}", "{MESSAGE: two, DB: '{DbPassword}'}");
        site.write("shop/Servicefile", file + "Generate: {DbPassword: {password: 24}}\n");
        site.run("deploy", "shop").exits(0);
        String secret =
                site.run("-D", "shop", "secret", "show", "DbPassword").exits(0).out();
        before = site.containers("shop");
        site.environment().put("PORTOLAN_BACKUP_PASSPHRASE", "correct horse battery");
        Program controller = site.start("serve").printed("Controller leads");
        site.run("system", "backup", "box.backup")
                .exits(0)
                .prints("1 deployments, 2 releases", "read again and compared");
        byte[] saved = Files.readAllBytes(site.folder().resolve("box.backup"));
        assertThat(new String(saved, StandardCharsets.ISO_8859_1)).doesNotContain("shop", secret.strip());
        controller.signal("TERM");
        controller.end().exits(0);

        site.run("system", "restore", "box.backup").exits(1).prints("is not empty");
        site.run("system", "restore", "--check", "box.backup").exits(0).prints("2 releases");
        String installation = Files.readString(site.home().resolve("installation"));
        site.run("system", "down", "--yes").exits(0);
        Path old = site.folder().resolve("lost");
        Files.move(site.home(), old);

        site.run("system", "restore", "box.backup").exits(0).prints("Restored installation " + installation.strip());
        assertThat(Files.readString(site.home().resolve("installation"))).isEqualTo(installation);
        site.run("system", "up").exits(0);
        assertThat(site.get("shop.test").body()).startsWith("two v2 ");
        site.run("deploy", "shop").exits(0).prints("No changes.");
        assertThat(site.containers("shop")).isEqualTo(before);
        assertThat(site.get("shop.test").status()).isEqualTo(200);
        assertThat(site.run("-D", "shop", "secret", "show", "DbPassword")
                        .exits(0)
                        .out())
                .isEqualTo(secret);
        site.run("-D", "shop", "rollback").exits(0);
        assertThat(site.get("shop.test").body()).startsWith("one v1 ");
    }
}
