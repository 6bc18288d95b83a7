package org.portolan.cli;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Lines at the bottom of a terminal that change in place, one a service, with ordinary lines passing above them. Written
 * with the terminal's own line wrap off, so that a long line takes one row.
 */
final class Screen {
    /** More would leave the screen, where the terminal cannot go back to them. */
    private static final int MAX_LINES = 12;

    private final Output output;
    private final SortedMap<String, String> lines = new TreeMap<>();
    private int drawn;

    Screen(Output output) {
        this.output = output;
    }

    /** Sets a line, or takes it away when the text is empty. */
    synchronized void set(String key, String text) {
        if (text.isEmpty() ? lines.remove(key) == null : text.equals(lines.put(key, text))) {
            return;
        }
        output.write(erase() + draw());
    }

    /** Prints text above the changing lines. */
    synchronized void print(String text) {
        output.write(drawn == 0 && lines.isEmpty() ? text : erase() + text + draw());
    }

    /** Takes all changing lines away. */
    synchronized void clear() {
        lines.clear();
        if (drawn > 0) {
            output.write(erase());
        }
    }

    private String erase() {
        String code = drawn == 0 ? "" : "\033[" + drawn + "A\033[J";
        drawn = 0;
        return code;
    }

    private String draw() {
        StringBuilder text = new StringBuilder();
        if (!lines.isEmpty()) {
            text.append("\033[?7l");
            for (var line : lines.entrySet()) {
                if (drawn == MAX_LINES) {
                    break;
                }
                text.append("     ").append(line.getValue()).append('\n');
                drawn++;
            }
            text.append("\033[?7h");
        }
        return text.toString();
    }
}
