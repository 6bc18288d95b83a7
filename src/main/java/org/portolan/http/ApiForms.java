package org.portolan.http;

import java.util.Map;

/** The forms of what the API answers: the same JSON as the looking commands' {@code --json}. */
final class ApiForms {
    static final Map<String, Object> DOMAIN = ApiSchema.object()
            .with("deployment", ApiSchema.TEXT)
            .with("host", ApiSchema.TEXT)
            .with("path", ApiSchema.TEXT)
            .maybe("access_log", ApiSchema.FLAG)
            .done();

    static final Map<String, Object> INSTANCE = ApiSchema.object()
            .with("name", ApiSchema.TEXT)
            .with("deployment", ApiSchema.TEXT)
            .with("service", ApiSchema.TEXT)
            .with("version", ApiSchema.WHOLE)
            .with("state", ApiSchema.TEXT)
            .with("container", ApiSchema.TEXT)
            .maybe("completed", ApiSchema.FLAG)
            .maybe("addresses", ApiSchema.TEXTS)
            .maybe("health", ApiSchema.TEXT)
            .done();

    static final Map<String, Object> SERVICE = service().done();

    private static final Map<String, Object> SERVICE_WITH_INSTANCES =
            service().with("instances", ApiSchema.list(INSTANCE)).done();

    static final Map<String, Object> JOB = ApiSchema.object()
            .with("deployment", ApiSchema.TEXT)
            .with("name", ApiSchema.TEXT)
            .with("service", ApiSchema.TEXT)
            .with("version", ApiSchema.WHOLE)
            .with("release", ApiSchema.WHOLE)
            .with("attempt", ApiSchema.WHOLE)
            .maybe("exit_status", ApiSchema.WHOLE)
            .with("timed_out", ApiSchema.FLAG)
            .maybe("took_ms", ApiSchema.WHOLE)
            .maybe("ended", ApiSchema.TIME)
            .done();

    static final Map<String, Object> RELEASE = release().done();

    static final Map<String, Object> EVENT = ApiSchema.object()
            .maybe("id", ApiSchema.TEXT)
            .with("at", ApiSchema.TIME)
            .with("level", ApiSchema.TEXT)
            .with("kind", ApiSchema.TEXT)
            .with("deployment", ApiSchema.TEXT)
            .with("release", ApiSchema.WHOLE)
            .with("service", ApiSchema.TEXT)
            .with("instance", ApiSchema.TEXT)
            .with("message", ApiSchema.TEXT)
            .andMore()
            .done();

    static final Map<String, Object> RELEASE_WITH_EVENTS = release()
            .with("events", ApiSchema.list(EVENT))
            .maybe("cut", ApiSchema.FLAG)
            .done();

    static final Map<String, Object> DEPLOYMENT = ApiSchema.object()
            .with("name", ApiSchema.TEXT)
            .maybe("owner", ApiSchema.TEXT)
            .maybe("good_release", ApiSchema.WHOLE)
            .maybe("last_release", RELEASE)
            .with("conditions", ApiSchema.TEXTS)
            .maybe("standing", standing().done())
            .maybe(
                    "instructions",
                    ApiSchema.list(ApiSchema.object()
                            .with("kind", ApiSchema.TEXT)
                            .with("what", ApiSchema.TEXT)
                            .with("since", ApiSchema.TIME)
                            .with("by", ApiSchema.TEXT)
                            .done()))
            .with("services", ApiSchema.list(SERVICE_WITH_INSTANCES))
            .with("jobs", ApiSchema.list(JOB))
            .with("domains", ApiSchema.list(DOMAIN))
            .done();

    static final Map<String, Object> SUMMARY = ApiSchema.object()
            .with("name", ApiSchema.TEXT)
            .maybe("owner", ApiSchema.TEXT)
            .maybe("last_release", ApiSchema.WHOLE)
            .with("services", ApiSchema.TEXTS)
            .with("running", ApiSchema.WHOLE)
            .with("wanted", ApiSchema.WHOLE)
            .with("conditions", ApiSchema.TEXTS)
            .maybe("standing", standing().done())
            .done();

    static final Map<String, Object> SOURCE = standing()
            .with("name", ApiSchema.TEXT)
            .with("commit", ApiSchema.TEXT)
            .done();

    static final Map<String, Object> VERSION = ApiSchema.object()
            .with("service", ApiSchema.TEXT)
            .with("version", ApiSchema.WHOLE)
            .with("current", ApiSchema.FLAG)
            .with("releases", ApiSchema.list(ApiSchema.WHOLE))
            .maybe("image", ApiSchema.TEXT)
            .done();

    static final Map<String, Object> PLAN = ApiSchema.object()
            .with("deployment", ApiSchema.TEXT)
            .with("fingerprint", ApiSchema.TEXT)
            .with("changes", ApiSchema.FLAG)
            .with(
                    "summary",
                    ApiSchema.object()
                            .with("add", ApiSchema.WHOLE)
                            .with("change", ApiSchema.WHOLE)
                            .with("remove", ApiSchema.WHOLE)
                            .done())
            .with(
                    "actions",
                    ApiSchema.list(ApiSchema.object()
                            .with("kind", ApiSchema.TEXT)
                            .with("mark", ApiSchema.TEXT)
                            .with("subject", ApiSchema.TEXT)
                            .with("summary", ApiSchema.TEXT)
                            .with("reasons", ApiSchema.TEXTS)
                            .maybe("deadlines_ms", ApiSchema.mapOf(ApiSchema.WHOLE))
                            .done()))
            .with("consent", ApiSchema.TEXTS)
            .with("warnings", ApiSchema.TEXTS)
            .done();

    static final Map<String, Object> LOG_LINE = ApiSchema.object()
            .with("instance", ApiSchema.TEXT)
            .with("at", ApiSchema.TIME)
            .with("stream", ApiSchema.oneOf("stdout", "stderr"))
            .with("text", ApiSchema.TEXT)
            .maybe("cut", ApiSchema.WHOLE)
            .done();

    static final Map<String, Object> ACCESS_LOG = ApiSchema.object()
            .with(
                    "lines",
                    ApiSchema.list(ApiSchema.object()
                            .with("time", ApiSchema.TIME)
                            .with("domain", ApiSchema.TEXT)
                            .with("host", ApiSchema.TEXT)
                            .with("service", ApiSchema.TEXT)
                            .with("instance", ApiSchema.TEXT)
                            .with("client", ApiSchema.TEXT)
                            .with("scheme", ApiSchema.TEXT)
                            .with("protocol", ApiSchema.TEXT)
                            .with("method", ApiSchema.TEXT)
                            .with("path", ApiSchema.TEXT)
                            .maybe("query", ApiSchema.TEXT)
                            .maybe("status", ApiSchema.WHOLE)
                            .with("request_bytes", ApiSchema.WHOLE)
                            .with("bytes", ApiSchema.WHOLE)
                            .maybe("queue_ms", ApiSchema.WHOLE)
                            .maybe("connect_ms", ApiSchema.WHOLE)
                            .maybe("first_byte_ms", ApiSchema.WHOLE)
                            .maybe("total_ms", ApiSchema.WHOLE)
                            .with("user_agent", ApiSchema.TEXT)
                            .done()))
            .with("next", ApiSchema.TEXT)
            .maybe("cut", ApiSchema.FLAG)
            .done();

    private ApiForms() {}

    /** A list under its name, with what leads to the next page if there is one. */
    static Map<String, Object> listed(String name, Map<String, Object> of) {
        return ApiSchema.object()
                .with(name, ApiSchema.list(of))
                .maybe("next", ApiSchema.TEXT)
                .done();
    }

    private static ApiSchema.Builder service() {
        return ApiSchema.object()
                .with("deployment", ApiSchema.TEXT)
                .with("name", ApiSchema.TEXT)
                .maybe("version", ApiSchema.WHOLE)
                .maybe("scale", ApiSchema.WHOLE)
                .maybe("image", ApiSchema.TEXT)
                .with("running", ApiSchema.WHOLE)
                .maybe("completed", ApiSchema.WHOLE)
                .with("stopped", ApiSchema.FLAG)
                .maybe("held", ApiSchema.TEXT);
    }

    private static ApiSchema.Builder standing() {
        return ApiSchema.object()
                .with("condition", ApiSchema.TEXT)
                .with("what", ApiSchema.TEXT)
                .with("since", ApiSchema.TIME)
                .with("observed", ApiSchema.TIME)
                .maybe("next", ApiSchema.TIME);
    }

    private static ApiSchema.Builder release() {
        return ApiSchema.object()
                .with("deployment", ApiSchema.TEXT)
                .with("number", ApiSchema.WHOLE)
                .with("outcome", ApiSchema.TEXT)
                .with("cause", ApiSchema.TEXT)
                .maybe("source", ApiSchema.TEXT)
                .maybe("commit", ApiSchema.TEXT)
                .with("dirty", ApiSchema.FLAG)
                .maybe("author", ApiSchema.TEXT)
                .maybe("subject", ApiSchema.TEXT)
                .with("who", ApiSchema.TEXT)
                .with("started", ApiSchema.TIME)
                .maybe("ended", ApiSchema.TIME)
                .with(
                        "services",
                        ApiSchema.mapOf(ApiSchema.object()
                                .with("version", ApiSchema.WHOLE)
                                .with("scale", ApiSchema.WHOLE)
                                .done()));
    }
}
