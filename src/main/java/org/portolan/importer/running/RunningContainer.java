package org.portolan.importer.running;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.portolan.importer.draft.Naming;
import org.portolan.model.Position;
import org.portolan.model.container.Inspection;
import org.portolan.model.labels.ComposeProject;

/** A container of a Compose project, with the questions that its translation asks. */
record RunningContainer(Facts container, Facts image) {
    static RunningContainer of(Inspection inspection) {
        return new RunningContainer(new Facts(inspection.container()), new Facts(inspection.image()));
    }

    String id() {
        return container.at("Id").text();
    }

    String name() {
        String name = container.at("Name").text();
        return name.startsWith("/") ? name.substring(1) : name;
    }

    /** Its place in the report. */
    Position at() {
        return Position.of(name());
    }

    Facts config() {
        return container.at("Config");
    }

    Facts host() {
        return container.at("HostConfig");
    }

    Facts imageConfig() {
        return image.at("Config");
    }

    /** A label of Compose's; "" when it is not there. */
    String label(String name) {
        return config().at("Labels").at(ComposeProject.PREFIX + name).text();
    }

    boolean labelled(String name) {
        return config().at("Labels").at(ComposeProject.PREFIX + name).exists();
    }

    String project() {
        return label("project");
    }

    String service() {
        return label("service");
    }

    /** Made by {@code docker-compose run}: no instance of its service. */
    boolean oneOff() {
        return label("oneoff").equalsIgnoreCase("true");
    }

    int number() {
        String number = label("container-number");
        return number.matches("[0-9]{1,6}") ? Integer.parseInt(number) : 0;
    }

    boolean runs() {
        String status = container.at("State").at("Status").text();
        return status.equals("running") || status.equals("restarting") || status.equals("paused");
    }

    /** Whether Compose chose its name. */
    boolean usuallyNamed() {
        String rest = "[_-]" + java.util.regex.Pattern.quote(service()) + "[_-][0-9]+";
        return name().matches("([0-9a-f]{12}_)?" + java.util.regex.Pattern.quote(project()) + rest);
    }

    /** Whether another container's variables or command name it: in the project's network its name leads to it. */
    boolean isMentioned(List<RunningContainer> others) {
        for (RunningContainer other : others) {
            List<String> words = new ArrayList<>(other.config().at("Env").texts());
            words.addAll(other.config().at("Cmd").texts());
            words.addAll(other.config().at("Entrypoint").texts());
            if (!other.id().equals(id()) && words.stream().anyMatch(word -> word.contains(name()))) {
                return true;
            }
        }
        return false;
    }

    /** The variables that the image does not set so. */
    Map<String, String> environment() {
        List<String> fromImage = imageConfig().at("Env").texts();
        Map<String, String> variables = new LinkedHashMap<>();
        for (String word : config().at("Env").texts()) {
            int equals = word.indexOf('=');
            if (equals > 0 && !fromImage.contains(word)) {
                variables.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        return variables;
    }

    /** The labels of its user: neither Compose's nor the image's. */
    Map<String, String> userLabels() {
        Map<String, Facts> fromImage = imageConfig().at("Labels").entries();
        Map<String, String> labels = new LinkedHashMap<>();
        config().at("Labels").entries().forEach((name, value) -> {
            Facts inherited = fromImage.get(name);
            boolean same = inherited != null && inherited.text().equals(value.text());
            if (!name.startsWith(ComposeProject.PREFIX) && !same) {
                labels.put(name, value.text());
            }
        });
        return labels;
    }

    /** Whether a field of its configuration says something that the image does not say. */
    boolean says(String key) {
        Facts own = config().at(key);
        return own.says() && !own.equals(imageConfig().at(key));
    }

    /** The name that a service gets in the Servicefile when nobody else has it. */
    String serviceName() {
        return Naming.name(service(), "service");
    }
}
