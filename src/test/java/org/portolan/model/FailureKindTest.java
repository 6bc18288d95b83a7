package org.portolan.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure.Kind;

/** What follows from a kind of failure. */
class FailureKindTest {
    @Test
    void only_what_can_end_by_itself_is_waited_for() {
        assertThat(kinds(Kind::passes)).containsExactly(Kind.LOCKED, Kind.UNREACHABLE, Kind.UNAVAILABLE);
    }

    @Test
    void a_release_is_left_for_the_next_command_where_a_rollback_could_do_no_better() {
        assertThat(kinds(Kind::leavesUnfinished))
                .containsExactly(
                        Kind.CONFLICT, Kind.LOCKED, Kind.FENCED, Kind.UNREACHABLE, Kind.UNAVAILABLE, Kind.CORRUPT);
    }

    private static List<Kind> kinds(Predicate<Kind> which) {
        return Stream.of(Kind.values()).filter(which).toList();
    }
}
