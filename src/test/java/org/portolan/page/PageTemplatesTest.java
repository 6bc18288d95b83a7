package org.portolan.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.model.Position;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.service.Domain;

/** What pages look like as text: every template with all that it may show. */
class PageTemplatesTest {
    private static final String EVIL = "\"'><script>alert(1)</script>&{{name}}";
    private static final Instant NOW = Instant.parse("2026-11-28T06:00:00Z");
    private static final PageFrame FRAME = PageFrame.of(EVIL, "/map", EVIL, EVIL, NOW);
    private static final InstanceMark MARK = new InstanceMark("up", EVIL, EVIL, "/deployments/shop/logs/web-1-1", EVIL);
    private static final ServiceRow SERVICE =
            new ServiceRow(EVIL, "v1", EVIL, "1 of 2", EVIL, EVIL, List.of(MARK), true, 2, true, true);
    private static final PageAction ACTION = new PageAction(
            "approve", EVIL, EVIL, EVIL, EVIL, EVIL, List.of(EVIL), List.of(new PageAction.Sent(EVIL, EVIL)), true);
    private static final Moment TIME = new Moment(EVIL, EVIL, EVIL);
    private static final Words WORDS = Words.of("`" + EVIL + "` " + EVIL);
    private static final ChangeNote NOTE = ChangeNote.failed(EVIL);
    private static final PlanStep STEP = new PlanStep("~", "change:", EVIL, List.of(EVIL));
    private static final StateMark STATE = new StateMark("bad", EVIL);
    private static final ReleaseRow RELEASE =
            new ReleaseRow(3, "/deployments/shop/releases/3", STATE, EVIL, EVIL, EVIL, TIME, EVIL, EVIL, true);
    private static final EventRow EVENT = new EventRow("1-0", "warn", TIME, EVIL, "/deployments/shop", EVIL);

    private final PageTemplates templates = new PageTemplates();

    static Stream<PageBody> pages() {
        return Stream.of(
                new OverviewPage(
                        FRAME,
                        List.of(WORDS),
                        true,
                        List.of(new OverviewPage.Tally(STATE, 2, List.of(EVIL))),
                        List.of(new OverviewPage.Card(
                                EVIL,
                                "/deployments/shop",
                                STATE,
                                EVIL,
                                EVIL,
                                EVIL,
                                List.of(TIME),
                                List.of(SERVICE),
                                List.of(WORDS)))),
                new DeploymentPage(
                        FRAME,
                        EVIL,
                        STATE,
                        List.of(NOTE),
                        List.of(WORDS),
                        EVIL,
                        List.of(EVIL),
                        List.of(SERVICE),
                        EVIL,
                        List.of(STEP),
                        EVIL,
                        true,
                        List.of(new NextPlan(
                                EVIL, EVIL, EVIL, List.of(STEP), List.of(EVIL), List.of(EVIL), EVIL, EVIL)),
                        List.of(new DeploymentPage.History(RELEASE, List.of(ACTION))),
                        EVIL,
                        List.of(EVENT),
                        true,
                        List.of(ACTION)),
                new ReleasePage(FRAME, EVIL, RELEASE, List.of(EVIL), List.of(EVENT), List.of(ACTION)),
                new MapPage(
                        FRAME,
                        List.of(new MapPage.Host(
                                EVIL,
                                EVIL,
                                List.of(new MapPage.Path(
                                        EVIL,
                                        List.of(new MapPage.End(
                                                EVIL, "/deployments/shop", EVIL, "25 %", List.of(MARK)))))))),
                new SourcesPage(
                        FRAME,
                        List.of(NOTE),
                        List.of(new SourcesPage.Source(1, EVIL, STATE, EVIL, TIME, List.of(WORDS), List.of(ACTION))),
                        List.of(new SourcesPage.Configuration(EVIL, STATE, EVIL, TIME, EVIL)),
                        List.of(WORDS),
                        true),
                new EventsPage(FRAME, List.of(EVENT), "/events?before=1-0"),
                new LogPage(FRAME, EVIL, EVIL, List.of(new LogPage.Line(EVIL, true, EVIL))),
                new SignInPage(PageFrame.outside(EVIL, NOW), EVIL, EVIL),
                new MessagePage(FRAME, EVIL, List.of(EVIL), EVIL, EVIL));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void noValueBecomesMarkup(PageBody page) {
        String html = templates.render(page);
        assertThat(html).contains("&lt;script&gt;").doesNotContain("<script>").doesNotContain("alert(1)</");
        assertThat(html).contains("<h1").contains("<main id=\"main\"").contains("lang=\"en\"");
        // Nothing inline: the policy that pages are sent with refuses it.
        assertThat(html).doesNotContain("style=\"").doesNotContainPattern(" on[a-z]+=\"");
    }

    @ParameterizedTest
    @MethodSource("pages")
    void eachElementThatIsOpenedIsClosed(PageBody page) {
        String html = templates.render(page);
        for (String element :
                List.of("ul", "ol", "li", "section", "table", "tr", "td", "details", "form", "div", "a")) {
            assertThat(count(html, "<" + element + "[ >]")).as(element).isEqualTo(count(html, "</" + element + ">"));
        }
    }

    @Test
    void commandsInSentencesAreMarkedAndThoseForWhichThereIsAFormAreLeftOut() {
        assertThat(Words.of("was interrupted; a deploy continues it, `rollback` rolls it back")
                        .parts())
                .containsExactly(
                        new Words.Part(false, "was interrupted; a deploy continues it, "),
                        new Words.Part(true, "rollback"),
                        new Words.Part(false, " rolls it back"));
        assertThat(Words.of("pending-approval since 09:00: removes a; `approve shop` agrees to it")
                        .parts())
                .containsExactly(new Words.Part(false, "pending-approval since 09:00: removes a"));
    }

    private static long count(String html, String pattern) {
        return java.util.regex.Pattern.compile(pattern).matcher(html).results().count();
    }

    @Test
    void theMapLeadsFromADomainOverItsRoutesAndTheirSharesToInstances() {
        SortedMap<String, Domain.Route> routes = new TreeMap<>(Domain.MOST_SPECIFIC_FIRST);
        Position at = Position.of("x");
        routes.put(
                "/",
                new Domain.Route(
                        List.of(
                                new Domain.Target("shop", "web", "", 75),
                                new Domain.Target("shop", "next", "http", 25)),
                        at));
        Domain domain = new Domain(
                "shop.example.org",
                List.of("www.example.org"),
                routes,
                java.util.Optional.empty(),
                java.util.Optional.empty(),
                false,
                true,
                false,
                new TreeMap<>(),
                at);
        MapPage page = MapPage.of(
                FRAME,
                List.of(new RouteSet("shop", List.of(), List.of(domain))),
                Map.of(
                        "shop/web",
                        new ServiceRow("web", "v1", "", "1 of 1", "", "", List.of(MARK), false, 1, true, false)));
        assertThat(page.hosts()).singleElement().satisfies(host -> {
            assertThat(host.note()).isEqualTo("maintenance; also www.example.org");
            assertThat(host.paths().getFirst().ends())
                    .extracting(MapPage.End::service, MapPage.End::share, end -> end.instances()
                            .size())
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("web", "75 %", 1),
                            org.assertj.core.groups.Tuple.tuple("next:http", "25 %", 0));
        });
    }
}
