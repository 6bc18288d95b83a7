package org.portolan.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.portolan.controller.SourceBook;
import org.portolan.json.StrictJson;

/** The sources of the configuration's file, which a controller takes over when it has changed. */
final class SourceBookRoutes {
    private static final String SOURCES = "/v1/configuration/sources";
    private static final String ONE = SOURCES + "/{source}";
    private static final String SOURCE = "source";
    private static final int CREATED = 201;

    private SourceBookRoutes() {}

    static List<Route> all() {
        Map<String, Object> changed = ApiSchema.object()
                .with("name", ApiSchema.TEXT)
                .with("file", ApiSchema.TEXT)
                .done();
        return List.of(
                Route.get(
                        SOURCES,
                        Route.READ,
                        "List the sources of the configuration's file; the ETag is the file's.",
                        ApiSchema.object()
                                .with(
                                        "sources",
                                        ApiSchema.list(ApiSchema.object()
                                                .with("name", ApiSchema.TEXT)
                                                .with("location", ApiSchema.TEXT)
                                                .maybe("path", ApiSchema.TEXT)
                                                .maybe("ref", ApiSchema.TEXT)
                                                .with("branches", ApiSchema.TEXTS)
                                                .with("followed", ApiSchema.FLAG)
                                                .done()))
                                .done(),
                        SourceBookRoutes::list),
                Route.change(
                        "PUT",
                        ONE,
                        Route.ADMIN,
                        "Add a source to the configuration's file: the body has its keys. With If-Match only to the file as it was seen.",
                        ApiSchema.object().andMore().done(),
                        CREATED,
                        changed,
                        SourceBookRoutes::add),
                Route.change(
                        "DELETE",
                        ONE,
                        Route.ADMIN,
                        "Take a source out of the configuration's file; what it deployed stays. If-Match as above.",
                        ApiSchema.object().done(),
                        200,
                        changed,
                        SourceBookRoutes::remove));
    }

    private static Reply list(Api api, ApiRequest asked) {
        SourceBook.Listed listed = api.machine().requireSources().list();
        List<Map<String, Object>> all = new ArrayList<>();
        for (SourceBook.Entry source : listed.sources()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("name", source.name());
            fields.put("location", source.location());
            fields.put("path", source.path());
            fields.put("ref", source.ref());
            fields.put("branches", source.branches());
            fields.put("followed", source.followed());
            all.add(fields);
        }
        return Reply.of(200, Map.of("sources", all)).with("ETag", tag(listed.tag()));
    }

    private static String tag(String ofFile) {
        return '"' + ofFile + '"';
    }

    private static Predicate<String> seen(ApiRequest asked) {
        return asked.header("If-Match")
                .<Predicate<String>>map(list -> ofFile -> EntityTag.matches(list, tag(ofFile)))
                .orElse(any -> true);
    }

    private static Reply add(Api api, ApiRequest asked) {
        SourceBook book = api.machine().requireSources();
        SequencedMap<String, String> keys = keys(asked.json());
        api.changes().record(asked, "");
        String name = asked.name(SOURCE);
        return changed(CREATED, name, book.add(name, keys, seen(asked)));
    }

    /** As in the file: texts, and maps of texts. */
    private static SequencedMap<String, String> keys(StrictJson body) {
        SequencedMap<String, String> keys = new LinkedHashMap<>();
        for (Map.Entry<String, @Nullable Object> entry : body.map().entrySet()) {
            StrictJson value = body.at(entry.getKey());
            if (entry.getValue() instanceof Map<?, ?>) {
                for (String inner : value.map().keySet()) {
                    keys.put(entry.getKey() + "." + inner, value.text(inner));
                }
            } else {
                keys.put(entry.getKey(), value.text());
            }
        }
        return keys;
    }

    private static Reply remove(Api api, ApiRequest asked) {
        SourceBook book = api.machine().requireSources();
        api.changes().record(asked, "");
        String name = asked.name(SOURCE);
        return changed(200, name, book.remove(name, seen(asked)));
    }

    private static Reply changed(int status, String name, String file) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", name);
        fields.put("file", file);
        return Reply.of(status, fields);
    }
}
