package org.portolan.proxy.haproxy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.portolan.model.routing.ServerView.Check;
import org.portolan.model.routing.ServerView.Result;

/**
 * What one worker says in {@code show stat}.
 *
 * @param servers the servers of all pools
 * @param frontendSessions open connections of clients by frontend
 */
record Statistics(List<Server> servers, Map<String, Long> frontendSessions) {

    /** One server's figures. */
    record Server(
            String pool,
            String name,
            String status,
            int weight,
            long sessions,
            long responses,
            long errors,
            long averageMillis,
            Check check,
            int maxConnections) {}

    static Statistics parse(String csv) {
        List<Server> servers = new ArrayList<>();
        Map<String, Long> frontends = new HashMap<>();
        Map<String, Integer> columns = new HashMap<>();
        int from = 0;
        while (from < csv.length()) {
            int end = csv.indexOf('\n', from);
            end = end < 0 ? csv.length() : end;
            String line = csv.substring(from, end);
            from = end + 1;
            if (line.startsWith("# ")) {
                String[] names = line.substring(2).split(",", -1);
                for (int i = 0; i < names.length; i++) {
                    columns.put(names[i], i);
                }
            } else if (line.indexOf(',') > 0 && !columns.isEmpty()) {
                row(fields(line), columns, servers, frontends);
            }
        }
        return new Statistics(servers, frontends);
    }

    private static void row(
            List<String> fields, Map<String, Integer> columns, List<Server> servers, Map<String, Long> frontends) {
        Row row = new Row(fields, columns);
        String type = row.text("type");
        if (type.equals("0")) {
            frontends.put(row.text("pxname"), row.number("scur"));
        } else if (type.equals("2")) {
            long answered = row.number("hrsp_1xx")
                    + row.number("hrsp_2xx")
                    + row.number("hrsp_3xx")
                    + row.number("hrsp_4xx")
                    + row.number("hrsp_5xx")
                    + row.number("hrsp_other");
            servers.add(new Server(
                    row.text("pxname"),
                    row.text("svname"),
                    row.text("status"),
                    (int) row.number("weight"),
                    row.number("scur") + row.number("qcur"),
                    answered == 0 ? row.number("stot") : answered,
                    row.number("hrsp_5xx"),
                    row.number("rtime"),
                    check(row.text("check_status"), row.text("check_code")),
                    (int) row.number("slim")));
        }
    }

    /**
     * A check by HAProxy's words for it: {@code L4CON}, {@code L7STS} with a status, {@code * L7OK} while the next one is
     * in progress. {@code L7OKC} passes on condition; {@code INI} and {@code UNK} are of before the first.
     */
    static Check check(String status, String code) {
        String word = status.startsWith("* ") ? status.substring(2) : status;
        if (word.isEmpty() || word.equals("INI") || word.equals("UNK")) {
            return Check.NONE;
        }
        if (word.contains("OK")) {
            return new Check(Result.PASSED, word);
        }
        String evidence = word.startsWith("L7") && !code.isEmpty() && !code.equals("0") ? word + "/" + code : word;
        return new Check(word.startsWith("L4") ? Result.UNREACHABLE : Result.FAILED, evidence);
    }

    private record Row(List<String> fields, Map<String, Integer> columns) {
        String text(String name) {
            Integer at = columns.get(name);
            return at == null || at >= fields.size() ? "" : fields.get(at);
        }

        long number(String name) {
            String text = text(name);
            return text.isEmpty() ? 0 : Long.parseLong(text);
        }
    }

    /** Fields of a line; one in double quotes may hold commas. */
    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>(100);
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return fields;
    }
}
