package org.portolan.proxy.haproxy;

import java.util.ArrayList;
import java.util.List;

/**
 * HAProxy's processes, as {@code show proc} lists them.
 *
 * @param master the master's process number; 0 when not shown
 * @param failed reloads that failed since the last one that succeeded
 * @param current workers with the present configuration
 * @param old workers of before a reload, which only finish what they have
 * @param uptime the master's, as HAProxy writes it
 */
record HaproxyWorkers(long master, int failed, List<Long> current, List<Long> old, String uptime, String version) {

    static HaproxyWorkers parse(String answer) {
        long master = 0;
        int failed = 0;
        String uptime = "";
        String version = "";
        List<Long> current = new ArrayList<>();
        List<Long> old = new ArrayList<>();
        boolean olds = false;
        for (String line : answer.split("\n", -1)) {
            if (line.startsWith("#")) {
                olds = line.startsWith("# old workers");
                continue;
            }
            String[] words = line.replace("[failed: ", "[failed:").strip().split("\\s+", -1);
            if (words.length < 4) {
                continue;
            }
            long pid = Long.parseLong(words[0]);
            if (words[1].equals("master")) {
                master = pid;
                int mark = line.indexOf("[failed: ");
                failed = mark < 0 ? 0 : Integer.parseInt(line.substring(mark + 9, line.indexOf(']', mark)));
                uptime = words[words.length - 2];
                version = words[words.length - 1];
            } else if (words[1].equals("worker")) {
                (olds ? old : current).add(pid);
            }
        }
        return new HaproxyWorkers(master, failed, current, old, uptime, version);
    }
}
