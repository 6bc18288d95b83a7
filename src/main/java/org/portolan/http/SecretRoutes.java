package org.portolan.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.portolan.operate.Request;
import org.portolan.query.LocalQueries;
import org.portolan.query.SecretValue;
import org.portolan.release.DeployOptions;

/** Generated values: shown to those who may see everything, set, rotated. */
final class SecretRoutes {
    private static final String SECRET = "/v1/deployments/{deployment}/secrets/{secret}";
    private static final String VALUE = "value";
    private static final int ACCEPTED = 202;

    /** A value's 64 Ki characters, each as JSON may write it. */
    private static final int LARGEST = 512 * 1024;

    private SecretRoutes() {}

    static List<Route> all() {
        Map<String, Object> value =
                ChangeBody.form().with(VALUE, ApiSchema.TEXT).done();
        Map<String, Object> plain = ChangeBody.form().done();
        return List.of(
                Route.get(
                        SECRET,
                        Route.ADMIN,
                        "Show a generated value.",
                        ApiSchema.object()
                                .with("version", ApiSchema.WHOLE)
                                .with(VALUE, ApiSchema.TEXT)
                                .done(),
                        SecretRoutes::show),
                Route.change(
                                "PUT",
                                SECRET,
                                Route.DEPLOY,
                                "Store a value that the next deploy of the files uses.",
                                value,
                                ACCEPTED,
                                Operation.FORM,
                                (api, asked) -> {
                                    ChangeBody.check(asked.json(), value);
                                    return begin(
                                            api,
                                            asked,
                                            new Request.SetSecret(
                                                    asked.deployment(),
                                                    asked.name("secret"),
                                                    asked.json().text(VALUE),
                                                    ChangeBody.mandate(asked)));
                                })
                        .upTo(LARGEST),
                Route.change(
                        "POST",
                        SECRET + "/rotate",
                        Route.DEPLOY,
                        "Generate a new version of a value and release the services that use it.",
                        plain,
                        ACCEPTED,
                        Operation.FORM,
                        (api, asked) -> {
                            ChangeBody.check(asked.json(), plain);
                            return begin(
                                    api,
                                    asked,
                                    new Request.RotateSecret(
                                            asked.deployment(), asked.name("secret"), ChangeBody.mandate(asked)));
                        }));
    }

    private static Reply begin(Api api, ApiRequest asked, Request request) {
        DeployOptions options = ChangeBody.options(asked);
        return OperationRoutes.begin(api, asked, Changes.Job.of(request, options));
    }

    /** Who saw it is in the audit log: it opens what the value protects. */
    private static Reply show(Api api, ApiRequest asked) {
        String deployment = asked.deployment();
        api.changes().record(asked, deployment);
        SecretValue value = new LocalQueries(api.viewed(), api.clock()).secret(deployment, asked.name("secret"));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("version", value.version());
        fields.put(VALUE, value.text());
        return Reply.of(200, fields);
    }
}
