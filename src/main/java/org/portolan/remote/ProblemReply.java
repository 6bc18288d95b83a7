package org.portolan.remote;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.portolan.json.JsonMismatch;
import org.portolan.json.NotJson;
import org.portolan.json.StrictJson;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.InvalidInput;
import org.portolan.model.NeedsConsent;
import org.portolan.model.Position;
import org.portolan.model.Problem;
import org.portolan.model.Remedy;
import org.portolan.model.json.RemedyJson;

/** What a controller could not do, as the failure that it is. */
final class ProblemReply {
    /** Every answer of a controller has it. */
    static final String VERSION = "portolan-version";

    private static final int UNAUTHORIZED = 401;
    private static final int NOT_FOUND = 404;
    private static final int TOO_MANY = 429;
    private static final int SERVER = 500;

    private ProblemReply() {}

    static Failure read(ControllerAddress address, HttpReply reply, byte[] body) {
        StrictJson problem;
        try {
            problem = StrictJson.read(body);
            problem.map();
        } catch (NotJson | JsonMismatch other) {
            problem = StrictJson.of(java.util.Map.of());
        }
        Optional<Kind> kind = kind(problem.textOrEmpty("kind"));
        return kind.isPresent() ? failure(kind.get(), problem) : ofHttp(address, reply, problem);
    }

    private static Optional<Kind> kind(String word) {
        for (Kind kind : Kind.values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(word)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /** A problem that is a part of an answer. */
    static Failure failure(StrictJson problem) {
        return failure(kind(problem.textOrEmpty("kind")).orElse(Kind.INTERNAL), problem);
    }

    private static Failure failure(Kind kind, StrictJson problem) {
        String what = problem.textOrEmpty("detail");
        List<String> details = texts(problem, "details");
        Failure failure;
        if (kind == Kind.NEEDS_CONSENT && !texts(problem, "needed").isEmpty()) {
            failure = new NeedsConsent(texts(problem, "needed")).shown(what, details);
        } else if (problem.find("problems").isPresent()) {
            failure = new InvalidInput(problem.list("problems", ProblemReply::problem));
        } else {
            failure = new Failure(kind, what).withDetails(details);
        }
        return problem.find("advice")
                .flatMap(RemedyJson::read)
                .or(() -> problem.find("remedy").map(plain -> Remedy.of(plain.text())))
                .map(failure::withRemedy)
                .orElse(failure);
    }

    private static Problem problem(StrictJson node) {
        Position at = new Position(node.text("file"), node.number("line"), node.number("column"));
        Problem problem = node.text("severity").equals("error")
                ? Problem.error(at, node.text("message"))
                : Problem.warning(at, node.text("message"));
        return node.find("hint").map(hint -> problem.withHint(hint.text())).orElse(problem);
    }

    private static List<String> texts(StrictJson problem, String name) {
        return problem.find(name).isPresent() ? problem.texts(name) : List.of();
    }

    /** One of HTTP itself. */
    private static Failure ofHttp(ControllerAddress address, HttpReply reply, StrictJson problem) {
        int status = reply.status();
        String detail = problem.textOrEmpty("detail");
        String said = "the controller at " + address.shown() + ": " + (detail.isEmpty() ? "HTTP " + status : detail);
        if (status == UNAUTHORIZED) {
            return new Failure(Kind.REFUSED, said)
                    .withHint("put the token into PORTOLAN_TOKEN, or its file's name into PORTOLAN_TOKEN_FILE");
        }
        if (status == NOT_FOUND) {
            return new Failure(Kind.UNAVAILABLE, said + "; its version is " + reply.header(VERSION))
                    .withHint("it is older than this command line: use the same version here and there");
        }
        Kind kind = status == TOO_MANY || status >= SERVER ? Kind.UNREACHABLE : Kind.REFUSED;
        Failure failure = new Failure(kind, said);
        return problem.find("remedy")
                .map(remedy -> failure.withHint(remedy.text()))
                .orElse(failure);
    }
}
