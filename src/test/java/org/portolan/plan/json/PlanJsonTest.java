package org.portolan.plan.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.json.JsonTree;
import org.portolan.model.Failure;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.service.SourceId;
import org.portolan.plan.Action;
import org.portolan.plan.DesiredRelease;
import org.portolan.plan.Plan;
import org.portolan.plan.PlanText;

class PlanJsonTest {
    @Test
    void whatWasWrittenIsReadAgain() {
        List<Action> actions = List.of(
                new Action(Action.Kind.ADD_SERVICE, "web", "web  version 1, 2 instances", List.of("\"new\"\n")),
                new Action(Action.Kind.REMOVE_DOMAIN, "example.org", "domain example.org", List.of()));
        byte[] text = PlanJson.write(
                List.of(ShownPlan.of(plan("shop", actions)), ShownPlan.of(plan("blog", List.of()))), Map.of());
        assertThat(read("plan.json", text))
                .containsExactly(
                        new SavedPlan("shop", "print of shop", actions),
                        new SavedPlan("blog", "print of blog", List.of()));
    }

    @Test
    void aPlanSaysHowMuchItDoes() {
        List<Action> actions = List.of(
                new Action(Action.Kind.ADD_SERVICE, "web", "", List.of()),
                new Action(Action.Kind.SCALE_SERVICE, "api", "", List.of()),
                new Action(Action.Kind.REMOVE_SERVICE, "old", "", List.of()));
        assertThat(JsonTree.text(PlanJson.tree(plan("shop", actions)).get("summary"), false))
                .isEqualTo("{\"add\":1,\"change\":1,\"remove\":1}");
        assertThat(PlanJson.tree(plan("shop", List.of())).get("changes")).isEqualTo(false);
    }

    @Test
    void aPlanSaysHowLongIsWaitedAtMost() {
        Definition web = Definition.of(Map.of(
                "image", "web:1",
                "health", Map.of("http", "/up", "deadline", "90s"),
                "stop", Map.of("drain", "20s"),
                "rollout", Map.of("deadline", "5m")));
        Plan empty = plan("shop", List.of(new Action(Action.Kind.ADD_SERVICE, "web", "web", List.of())));
        empty.goal()
                .services()
                .put(
                        "web",
                        new DesiredRelease.ServiceGoal(
                                "web", 1, true, "", web, ServiceSpec.from("web", web), 1, "localhost"));
        assertThat(PlanText.deadlines(empty)).isEqualTo("""
                Longest waits:
                  web  healthy and served 1m30s, progress 5m, sessions ended 20s, stopped 10s
                """);
        assertThat(JsonTree.text(PlanJson.tree(empty), false))
                .contains("\"deadlines_ms\":{\"healthy_and_served\":90000,\"progress\":300000,"
                        + "\"sessions_ended\":20000,\"stopped\":10000}");
        assertThat(read("p", PlanJson.write(List.of(ShownPlan.of(empty)), Map.of())))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{\"format\": \"other\"}",
                "{\"format\": \"portolan-plan/1\"}",
                "{\"format\": \"portolan-plan/1\", \"plans\": [{\"deployment\": \"shop\"}]}",
                "{\"format\": \"portolan-plan/1\", \"plans\": [{\"deployment\": \"shop\", \"fingerprint\": \"f\","
                        + " \"actions\": [{\"kind\": \"explode\"}]}]}",
                "{\"format\": \"portolan-plan/1\", \"plans\": \"shop\"}"
            })
    void whatIsNoSavedPlanIsSaidSo(String text) {
        assertThatThrownBy(() -> read("p.json", text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(Failure.class)
                .hasMessageStartingWith("p.json is not a saved plan: ");
    }

    private static List<SavedPlan> read(String name, byte[] text) {
        return PlanJson.read(name, text, (plans, rest) -> plans);
    }

    private static Plan plan(String name, List<Action> actions) {
        return new Plan(
                name,
                actions,
                new DesiredRelease(name, new TreeMap<>(), new TreeSet<>(), new TreeMap<>()),
                List.of(),
                List.of(),
                List.of(),
                "print of " + name,
                new Plan.Settlement(
                        SourceId.HAND, new TreeSet<>(), List.of(), "", new TreeMap<>(), new TreeSet<>(), false));
    }
}
