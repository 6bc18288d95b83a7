package org.portolan.proof;

import java.util.List;

/** A host and path of the site, and the services of which one must answer. */
record Target(String host, String path, List<String> services) {
    /** Empty if the body is what one of the services must say to a question for the path, else what is wrong. */
    String fault(Connection.Answer answer, String expectedEnd) {
        if (answer.status() != 200) {
            return host + path + " answered " + answer.status();
        }
        String[] words = answer.body().strip().split(" ", 3);
        if (words.length < 3
                || !services.contains(words[0])
                || words[1].startsWith("bad")
                || !words[2].equals(expectedEnd)) {
            return host + path + " answered '" + answer.body().strip() + "' instead of one of " + services
                    + ", a version and '" + expectedEnd + "'";
        }
        return "";
    }
}
