package org.portolan.notify;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.portolan.outgoing.Outgoing;

/** Keeps what was sent, and answers as a test says: accepted unless there is another answer. */
final class RecordingOutgoing implements Outgoing {
    final List<Message> sent = new ArrayList<>();
    final List<Message> accepted = new ArrayList<>();
    private final Deque<Answer> next = new ArrayDeque<>();
    private Answer always = new Answer(200, "", Optional.empty());

    void answers(int status) {
        next.add(new Answer(status, status == 0 ? "cannot connect" : "", Optional.empty()));
    }

    void always(int status) {
        always = new Answer(status, status == 0 ? "cannot connect" : "", Optional.empty());
    }

    void retryAfter(Duration pause) {
        next.add(new Answer(429, "", Optional.of(pause)));
    }

    @Override
    public Answer post(Message message) {
        sent.add(message);
        Answer answer = next.isEmpty() ? always : next.remove();
        if (answer.accepted()) {
            accepted.add(message);
        }
        return answer;
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
