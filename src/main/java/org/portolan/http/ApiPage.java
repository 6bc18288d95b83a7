package org.portolan.http;

import java.util.List;
import java.util.Map;
import org.portolan.model.state.Scope;

/** The list of routes in the page about the API. */
final class ApiPage {
    static final String BEGIN =
            "<!-- the list below is written from the route table: mvn -Dtest=ApiPageTest -Dupdate test -->";
    static final String END = "<!-- end of the list -->";

    private ApiPage() {}

    static String markdown(List<Route> routes) {
        StringBuilder text = new StringBuilder("| request | scope | what it does |\n|---|---|---|\n");
        for (Route route : routes) {
            text.append("| `")
                    .append(route)
                    .append("` | ")
                    .append(route.scope().map(Scope::word).orElse("none"))
                    .append(" | ")
                    .append(route.summary());
            for (Route.Parameter parameter : route.parameters()) {
                text.append(" `").append(parameter.name()).append("`: ").append(parameter.meaning());
            }
            route.body().ifPresent(form -> text.append(fields(form)));
            text.append(" |\n");
        }
        return text.toString();
    }

    private static String fields(Map<String, Object> form) {
        if (!(form.get("properties") instanceof Map<?, ?> properties) || properties.isEmpty()) {
            return "";
        }
        StringBuilder names = new StringBuilder(" Body:");
        properties.keySet().forEach(name -> names.append(" `").append(name).append('`'));
        return names.append('.').toString();
    }
}
