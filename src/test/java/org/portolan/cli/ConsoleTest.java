package org.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.portolan.app.Wiring;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.InvalidInput;
import org.portolan.model.NeedsConsent;
import org.portolan.model.Position;
import org.portolan.model.Problem;
import org.portolan.model.event.AccessEvent.ChangeRequested;
import org.portolan.model.event.Event;
import org.portolan.model.event.InstanceEvent.InstanceFailed;
import org.portolan.model.event.ReleaseEvent.Waiting;
import org.portolan.model.event.ResourceEvent.ProxyReloaded;
import org.portolan.model.labels.InstanceId;
import org.portolan.operate.Agreement;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;

class ConsoleTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void jobsAndDetailsArePlainLinesInAPipe() {
        Console console = console(false, "");
        console.job("New instance id shop-web-1-1");
        console.detail("healthy\nafter 2 s");
        console.accept(waiting("web", "waits"));
        console.warning("low on disk");
        assertThat(out()).isEqualTo("---> New instance id shop-web-1-1\n     healthy\n     after 2 s\n");
        assertThat(err()).isEqualTo("warning: low on disk\n");
    }

    @Test
    void whatEventsSayMovesNoCursor() {
        Console console = console(false, "");
        console.detail("a\u001b[2J\nb\u202e");
        console.warning("c\r");
        assertThat(out()).isEqualTo("     a\\u001b[2J\n     b\\u202e\n");
        assertThat(err()).isEqualTo("warning: c\\u000d\n");
        Event event = new Event(Instant.EPOCH, "", 0, new ChangeRequested("exec", "x\u001b[2J", "y\u2028"));
        assertThat(Show.event(event)).isEqualTo("exec, from y\\u2028  by x\\u001b[2J");
    }

    @Test
    void progressChangesInPlaceOnATerminal() {
        Console console = console(false, "io");
        console.accept(waiting("web", "waits for health"));
        console.accept(waiting("web", "waits for health"));
        console.job("done");
        console.accept(waiting("web", "drains"));
        console.settle();
        assertThat(out())
                .isEqualTo("\033[?7l     web: waits for health\n\033[?7h"
                        + "\033[1A\033[J\033[1m---> \033[0mdone\n\033[?7l     web: waits for health\n\033[?7h"
                        + "\033[1A\033[J\033[?7l     web: drains\n\033[?7h"
                        + "\033[1A\033[J");
    }

    @Test
    void everythingIsJsonWhenAskedFor() {
        Console console = console(true, "");
        console.line("for people only");
        console.record("thing", Map.of("list", List.of(1, "a\nb"), "none", Optional.empty()));
        console.accept(
                new Event(Instant.EPOCH, "shop", 3, new InstanceFailed(new InstanceId("shop", "web", 2, 1), "exited")));
        console.accept(new Event(Instant.EPOCH, "shop", 3, new ProxyReloaded()));
        assertThat(out()).isEqualTo("""
                {"type":"thing","list":[1,"a\\nb"]}
                {"type":"event","at":"1970-01-01T00:00:00Z","level":"detail","kind":"instance-failed","deployment":"shop","release":3,"service":"web","instance":"shop-web-2-1","message":"shop-web-2-1 exited","cause":"exited","version":2}
                """);
    }

    @Test
    void failuresSayWhatAndWhatToDo() {
        Failure failure = new Failure(Kind.UNAVAILABLE, "the engine does not answer")
                .withDetails(List.of("unix:///run/docker.sock"))
                .withHint("Start it.");
        assertThat(FailureView.show(console(false, ""), failure)).isEqualTo(4);
        assertThat(err()).isEqualTo("""
                portolan: the engine does not answer
                     unix:///run/docker.sock
                     Start it.
                """);
    }

    @Test
    void everyProblemBeginsWithItsPlace() {
        InvalidInput invalid = new InvalidInput(List.of(
                Problem.error(new Position("Servicefile", 3, 5), "unknown key 'imgae'")
                        .withHint("Did you mean image?"),
                Problem.error(new Position("Servicefile", 1, 1), "empty")));
        assertThat(FailureView.show(console(false, ""), invalid)).isEqualTo(2);
        assertThat(err()).isEqualTo("""
                Servicefile:1:1: empty
                Servicefile:3:5: unknown key 'imgae'
                    Did you mean image?
                portolan: 2 errors
                """);
    }

    @Test
    void faultsOfPortolanShowNoStackTraceUnlessAsked() {
        assertThat(FailureView.show(console(false, ""), new IllegalStateException("odd")))
                .isEqualTo(1);
        assertThat(err())
                .startsWith("portolan: internal error: IllegalStateException: odd\n")
                .doesNotContain("\tat ");
    }

    @Test
    void aBrokenPipeIsSilent() {
        Output broken = new Output(new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("Broken pipe");
            }
        });
        Console console = new Console(broken, broken, new ByteArrayInputStream(new byte[0]), Console.Mode.PLAIN);
        console.line("one");
        console.line("two");
        assertThat(console.broken()).isTrue();
    }

    @Test
    void aPassingStateNamesItsService() {
        Console console = console(false, "io");
        console.accept(waiting("web", "waits for db"));
        console.accept(waiting("api", "waits for db"));
        assertThat(out()).contains("     web: waits for db\n", "     api: waits for db\n");
        console.accept(waiting("api", ""));
        console.accept(waiting("web", ""));
        assertThat(out()).endsWith("\033[J");
    }

    @Test
    void onlyYesIsConsent() {
        Terminal terminal = terminal("yes\nno\n", "io");
        Console console = terminal.console(terminal.mode(false, false, false, false));
        assertThat(console.asks()).isTrue();
        assertThat(console.confirm("Remove it?")).isTrue();
        assertThat(console.confirm("Remove it?")).isFalse();
        assertThat(console.confirm("Remove it?")).isFalse();
        assertThat(out()).startsWith("Remove it? [y/N] ");
    }

    @Test
    void aRequestIsRepeatedWithExactlyWhatWasAgreedTo() {
        Terminal terminal = terminal("y\nyes\nno\n", "io");
        Console console = terminal.console(terminal.mode(false, false, false, false));
        List<Agreement> asked = new ArrayList<>();
        Mandate ada = Mandate.of(new Caller.Person("ada@host"));
        Function<Mandate, String> request = mandate -> {
            asked.add(mandate.agreed());
            mandate.agreed().require(asked.size() == 1 ? List.of("remove a") : List.of("remove b"), "use --yes");
            return "done";
        };
        assertThat(ada.agreedBy(needs -> ChangeCommand.agrees(console, needs), request))
                .isEqualTo("done");
        assertThat(asked)
                .extracting(Agreement::named)
                .containsExactly(Set.of(), Set.of("remove a"), Set.of("remove a", "remove b"));
        assertThat(out()).isEqualTo("remove a\nContinue? [y/N] remove b\nContinue? [y/N] ");

        asked.clear();
        assertThatThrownBy(() -> ada.agreedBy(needs -> ChangeCommand.agrees(console, needs), request))
                .isInstanceOf(NeedsConsent.class);
        assertThat(asked).hasSize(1);
    }

    @Test
    void coloursAreOffWithNoColorAndInPipes() {
        Terminal terminal = terminal("", "io");
        assertThat(terminal.mode(false, false, false, false).color()).isTrue();
        assertThat(terminal.mode(false, false, true, false).color()).isFalse();
        assertThat(terminal("", "").mode(false, false, false, false).color()).isFalse();
        Terminal serverTarget =
                new Terminal(terminal.out(), terminal.err(), terminal.in(), Map.of("NO_COLOR", "1"), "io", Wiring::new);
        assertThat(serverTarget.mode(false, false, false, false).color()).isFalse();
    }

    private Terminal terminal(String input, String terminals) {
        return new Terminal(
                new Output(out),
                new Output(err),
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                Map.of(),
                terminals,
                Wiring::new);
    }

    private Console console(boolean json, String terminals) {
        Terminal terminal = terminal("", terminals);
        return terminal.console(terminal.mode(json, false, false, false));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static Event waiting(String service, String wait) {
        return new Event(Instant.EPOCH, "shop", 3, new Waiting(service, wait));
    }
}
