package org.portolan.http;

import java.util.Map;
import java.util.Optional;
import org.portolan.page.ChangeNote;

/** What became of a change that somebody asked for with a form, in words for who did. */
final class PageOutcome {
    private PageOutcome() {}

    /**
     * Of the change that the page's address names; empty when it names none, or one that is forgotten or of another user.
     *
     * @param deployment that the page is about; "" for none
     */
    static Optional<ChangeNote> of(Api api, PageRequest request, String deployment) {
        return request.request()
                .query(PageRoutes.CHANGE)
                .flatMap(id -> api.changes().find(id))
                .filter(change -> change.seenBy(request.caller())
                        && change.who().equals(request.caller().name())
                        && change.deployment().equals(deployment))
                .map(change ->
                        note(change.fields(api.controller().installation().secrets()::mask)));
    }

    private static ChangeNote note(Map<String, Object> fields) {
        String release = fields.get("release") instanceof Optional<?> number && number.isPresent()
                ? " as release " + number.get()
                : "";
        if (fields.get("problem") instanceof Map<?, ?> problem) {
            return ChangeNote.failed("Your change failed: " + problem.get("detail"));
        }
        return switch (String.valueOf(fields.get("outcome"))) {
            case "null" -> ChangeNote.running("Your change is being made" + release + ".");
            case "no_changes" -> ChangeNote.done("There was nothing to change.");
            case "done" -> ChangeNote.done("Your change is made" + release + ".");
            case "held" -> ChangeNote.stopped("Your change is held by a rollback.");
            default -> ChangeNote.stopped("Your change was interrupted" + release + "; the controller continues it.");
        };
    }
}
