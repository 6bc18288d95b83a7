package org.portolan.servicefile;

import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Says in plain words what the YAML parser found, without the text that it quotes. */
final class SyntaxFault {
    private SyntaxFault() {}

    static String describe(MarkedYAMLException fault) {
        String problem = fault.getProblem() == null ? "cannot be read" : firstLine(fault.getProblem());
        String context = fault.getContext() == null ? "" : firstLine(fault.getContext());
        String place = fault.getContextMark() == null || context.isEmpty()
                ? ""
                : " (" + context + " that began at line "
                        + (fault.getContextMark().getLine() + 1) + ")";
        if (problem.contains("'\\t'") || problem.contains("\\t(TAB)")) {
            return "a tab cannot indent in YAML: use spaces";
        }
        return "YAML syntax: " + problem + place;
    }

    /** Whether something was left open until the text's end. */
    static boolean atTheEnd(MarkedYAMLException fault) {
        String problem = fault.getProblem();
        return problem != null && (problem.contains("end of stream") || problem.contains("<stream end>"));
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return (end < 0 ? text : text.substring(0, end)).strip();
    }
}
