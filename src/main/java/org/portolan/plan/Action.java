package org.portolan.plan;

import java.util.List;

/**
 * One thing that a deploy will do, and why.
 *
 * @param subject what it is done to: a service, a volume, a network, an image, a domain
 * @param summary one line for people, without the mark: {@code website  version 1 → 2, 4 instances, rolling}
 * @param reasons why, a line each; never a secret
 */
public record Action(Kind kind, String subject, String summary, List<String> reasons) {

    /** What is done, with the mark that a plan shows. */
    public enum Kind {
        CREATE_DEPLOYMENT("+"),
        TAKE_OVER("~"),
        /** A release that was interrupted is brought to its end. */
        RESUME_RELEASE("~"),
        CREATE_NETWORK("+"),
        /** Who may join the deployment's network; nothing on the engine changes. */
        CHANGE_NETWORK("~"),
        CREATE_VOLUME("+"),
        PULL_IMAGE("+"),
        /** A job runs before a version starts, or after the release. */
        RUN_JOB("+"),
        /** An interrupted release left a job's container, running or not. */
        REMOVE_JOB("-"),
        /** A server is asked for a database that no version in place has. */
        ADD_DATABASE("+"),
        /** The user of a database gets another version of its password. */
        CHANGE_DATABASE("~"),
        /** A server is asked for a database that a version in place has. */
        CHECK_DATABASE(" "),
        ADD_SERVICE("+"),
        REPLACE_SERVICE("~"),
        SCALE_SERVICE("~"),
        /** Instances are gone, stopped or broken although nothing changed in the files. */
        REPAIR_SERVICE("~"),
        /** Files change in the instances that run, which load them. */
        RELOAD_SERVICE("~"),
        REMOVE_SERVICE("-"),
        REMOVE_DEPLOYMENT("-"),
        /** The proxies do not listen or serve as they should; no release is needed for it. */
        REPAIR_PROXIES("~"),
        ADD_DOMAIN("+"),
        CHANGE_DOMAIN("~"),
        /** The addresses of the outside that carry a service's ports; only the proxy listens there. */
        CHANGE_WAN_MAP("~"),
        /** How many connections the proxy opens to a service's instances. */
        CHANGE_MAX_CONNECTIONS("~"),
        REMOVE_DOMAIN("-");

        private final String mark;

        Kind(String mark) {
            this.mark = mark;
        }

        public String mark() {
            return mark;
        }
    }
}
