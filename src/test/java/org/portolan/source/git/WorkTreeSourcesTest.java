package org.portolan.source.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;
import org.portolan.source.FileTree;
import org.portolan.source.Located;

/** Files outside Git and in work trees: who owns them, their commit, and what is not committed. */
@Tag("real")
class WorkTreeSourcesTest extends GitSourcesCase {
    @Test
    void aFileOutsideGitIsOwnedByItsRealPath() throws IOException {
        Path plain = Files.createDirectory(home.resolve("plain"));
        Files.writeString(plain.resolve("my.yaml"), "web: {}\n");
        Files.createSymbolicLink(home.resolve("link.yaml"), plain.resolve("my.yaml"));

        Located located = sources(home).local(Path.of("link.yaml"));

        assertThat(located.source().toString()).isEqualTo(plain + "/my.yaml");
        assertThat(located.origin().commit()).isEmpty();
        assertThat(located.path()).isEqualTo("my.yaml");
        assertThat(located.tree().shown("my.yaml")).isEqualTo("link.yaml");
        assertThat(located.tree().shown("other")).isEqualTo("plain/other");
        assertThatThrownBy(() -> located.tree().read("../site/Servicefile")).isInstanceOf(FileTree.OutsideTree.class);
    }

    @Test
    void aFolderMeansItsServicefileAndIncludesMayLieAnywhereInTheWorkTree() {
        git.commit("first");

        Located located = sources.local(Path.of("sub"));

        assertThat(located.path()).isEqualTo("sub/Servicefile");
        assertThat(located.source().location()).isEqualTo(work.toString());
        assertThat(located.source().path()).isEqualTo("sub/Servicefile");
        assertThat(text(located, "Servicefile")).isEqualTo("web: {}\n");
        assertThat(located.tree().shown("Servicefile")).isEqualTo("Servicefile");
        assertThat(sources.local(work.resolve("sub")).tree().shown("Servicefile"))
                .isEqualTo(work + "/Servicefile");
    }

    @Test
    void filesThatChangedSinceTheyWereReadAreFoundAgain() throws IOException {
        git.commit("first");
        Located located = sources.local(Path.of("Servicefile"));
        assertThat(text(located, "Servicefile")).isEqualTo("web: {}\n");
        assertThat(located.tree().read("secrets.env")).isEmpty();
        assertThat(located.moved()).isEmpty();

        Files.writeString(work.resolve("secrets.env"), "A=1\n");
        assertThat(located.moved()).isPresent();
        Files.delete(work.resolve("secrets.env"));
        assertThat(located.moved()).isEmpty();
        git.write("Servicefile", "web: {scale: 2}\n");
        Located moved = located.moved().orElseThrow();
        assertThat(text(moved, "Servicefile")).isEqualTo("web: {scale: 2}\n");
        assertThat(moved.origin().dirty()).isTrue();
    }

    @Test
    void aLinkThatLeadsElsewhereNowIsFollowedAgain() throws IOException {
        for (String release : List.of("1", "2")) {
            Path folder = Files.createDirectories(home.resolve("releases/" + release));
            Files.writeString(folder.resolve("Servicefile"), "web: {}\n");
        }
        Path current = Files.createSymbolicLink(home.resolve("current"), home.resolve("releases/1"));
        Located located = sources(home).local(Path.of("current"));
        assertThat(located.moved()).isEmpty();

        Files.delete(current);
        Files.createSymbolicLink(current, home.resolve("releases/2"));

        assertThat(located.moved().orElseThrow().source().location()).contains("releases/2");
    }

    @Test
    void whatIsNotThereIsSaid() {
        GitProgram.bare(home.resolve("bare.git"));

        assertThat(failure(() -> sources.local(Path.of("nothing"))).what()).contains("file nothing does not exist");
        assertThat(failure(() -> sources.local(home)).what()).contains("file " + home + "/Servicefile does not exist");
        assertThat(failure(() -> sources.local(home.resolve("bare.git"))).hint())
                .hasValueSatisfying(hint -> assertThat(hint).contains("--git"));
    }

    @Test
    void aWorkTreeIsOwnedByItsOrigin() {
        String commit = git.commit("Serve the site\n\nand more");
        git.run("remote", "add", "origin", "https://bob:hunter2@Example.org/team/site.git");

        Located located = sources.local(Path.of("Servicefile"));

        assertThat(located.source().toString()).isEqualTo("https://example.org/team/site:Servicefile");
        assertThat(located.origin().commit()).contains(commit);
        assertThat(located.origin().author()).contains("Ada Lovelace <ada@example.org>");
        assertThat(located.origin().subject()).contains("Serve the site");
        assertThat(located.origin().dirty()).isFalse();
    }

    @Test
    void dirtySpeaksOfTheFilesThatWereRead() {
        git.write("template", "a").write("unread", "a").commit("first");
        git.write("unread", "b");
        Located clean = sources.local(Path.of("Servicefile"));
        assertThat(clean.origin().dirty()).isFalse();

        git.write("template", "b");
        Located located = sources.local(Path.of("Servicefile"));
        assertThat(located.origin().dirty()).isFalse();
        assertThat(text(located, "Servicefile") + text(located, "template")).endsWith("b");
        assertThat(located.origin().dirty()).isTrue();

        git.write("untracked", "x");
        Located untracked = sources.local(Path.of("untracked"));
        assertThat(untracked.origin().dirty()).isTrue();
    }

    @Test
    void lineEndsThatGitChangesAreNoChange() throws IOException {
        git.write(".gitattributes", "Servicefile text eol=crlf\n").commit("first");
        Files.delete(work.resolve("Servicefile"));
        git.run("checkout", "-q", "--", ".");

        Located located = sources.local(Path.of("Servicefile"));

        assertThat(text(located, "Servicefile")).contains("\r\n");
        assertThat(located.origin().dirty()).isFalse();
    }

    @Test
    void anUnbornWorkTreeIsReadButHasNoCommit() {
        Located located = sources.local(Path.of("Servicefile"));

        assertThat(located.origin().commit()).isEmpty();
        assertThat(located.origin().dirty()).isTrue();
        assertThat(failure(() -> sources.git(work.toString(), Optional.empty(), ""))
                        .what())
                .contains("has no commit yet");
    }

    @Test
    void linkedWorkTreesAndSubmodulesAreTheirRepositories() {
        String commit = git.commit("first");
        git.run("worktree", "add", "-q", "-b", "other", home.resolve("linked").toString());
        Located linked = sources.local(home.resolve("linked"));
        assertThat(linked.source()).isEqualTo(sources.local(work).source());
        assertThat(linked.origin().commit()).contains(commit);

        GitProgram outer = GitProgram.repository(home.resolve("outer"));
        outer.run("-c", "protocol.file.allow=always", "submodule", "add", "-q", work.toString(), "module");
        Located inner = sources.local(home.resolve("outer/module"));
        assertThat(inner.source()).isEqualTo(sources.local(work).source());
        assertThat(inner.path()).isEqualTo("Servicefile");

        outer.commit("with a submodule");
        assertThat(failure(() -> sources.git(outer.folder().toString(), Optional.empty(), "module/Servicefile"))
                        .what())
                .contains("submodule");
    }

    @Test
    void idsThatJGitDoesNotKnowAreSaid() {
        GitProgram other = new GitProgram(home.resolve("sha256"));
        if (other.attempt("init", "-q", "-b", "main", "--object-format=sha256").status() != 0) {
            throw new AssertionError("this git makes no SHA-256 repositories");
        }
        other.write("Servicefile", "web: {}\n").commit("first");

        Located located = sources.local(other.folder());

        assertThat(text(located, "Servicefile")).isEqualTo("web: {}\n");
        assertThat(located.origin().commit()).isEmpty();
        assertThat(failure(() -> sources.git(other.folder().toString(), Optional.empty(), ""))
                        .what())
                .contains("SHA-256");
    }

    @Test
    void aDirtyWorkTreeIsNotDeployedUnawares() {
        git.commit("first");
        git.write("Servicefile", "changed: {}\n");
        Located unnamed = sources.git(work.toString(), Optional.empty(), "");

        assertThatThrownBy(() -> unnamed.tree().read("Servicefile")).hasMessageContaining("uncommitted");
        assertThat(text(unnamed, "sub/Servicefile")).isEqualTo("sub: {}\n");
        assertThat(text(sources.git(work.toString(), Optional.of("HEAD"), ""), "Servicefile"))
                .isEqualTo("web: {}\n");
    }

    @Test
    void aBrokenUserConfigurationIsNotRead() {
        String commit = git.commit("first");
        new GitProgram(home).write(".gitconfig", "[broken");

        assertThat(sources.git(work.toString(), Optional.empty(), "").origin().commit())
                .contains(commit);
        assertThat(sources.local(work).origin().commit()).contains(commit);
    }

    @Test
    void aForeignOriginIsOnlyAName() {
        git.commit("first");
        for (String origin : List.of("codecommit::eu-west-1://site", "s3://bucket/site", "ext::sh -c true")) {
            git.run("config", "remote.origin.url", origin);
            assertThat(sources.local(work).source().location()).isEqualTo(origin);
        }
        git.run("config", "remote.origin.url", "");
        assertThat(sources.local(work).source().location())
                .isEqualTo(work.resolve(".git").toString().replace("/.git", ""));
    }

    @Test
    void aDamagedRepositoryIsOneLineWithWhatToDo() throws IOException {
        String commit = git.commit("first");
        Path object =
                work.resolve(".git/objects").resolve(commit.substring(0, 2)).resolve(commit.substring(2));
        assertThat(object.toFile().setWritable(true)).isTrue();
        Files.writeString(object, "garbage");
        Failure damaged = failure(() -> sources.local(work).origin());
        assertThat(damaged.what())
                .startsWith("cannot read the Git repository of " + work + ": ")
                .doesNotContain("\n");
        assertThat(damaged.hint().orElse("")).contains("fsck");
        Files.writeString(work.resolve(".git/config"), "[[[");
        assertThat(failure(() -> sources.local(work)).what()).startsWith("cannot read the Git repository of " + work);
    }
}
