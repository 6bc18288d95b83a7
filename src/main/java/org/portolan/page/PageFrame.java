package org.portolan.page;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What is around every page.
 *
 * @param title of the page
 * @param user who is signed in; "" for nobody
 * @param csrf what forms send back; "" for nobody
 * @param links to the main pages
 * @param time when it was made
 * @param live whether it changes by itself
 */
public record PageFrame(String title, String user, String csrf, List<Link> links, Moment time, boolean live) {

    /**
     * A link of the navigation.
     *
     * @param here whether it is the page that is shown
     */
    public record Link(String name, String href, boolean here) {}

    private static final List<List<String>> MAIN = List.of(
            List.of("Deployments", "/"),
            List.of("Map", "/map"),
            List.of("Sources", "/sources"),
            List.of("Events", "/events"));

    /** A frame for somebody who is signed in. */
    public static PageFrame of(String title, String path, String user, String csrf, Instant now) {
        List<Link> links = new ArrayList<>();
        MAIN.forEach(main -> links.add(
                new Link(main.getFirst(), main.getLast(), main.getLast().equals(path))));
        return new PageFrame(title, user, csrf, links, Moment.at(now), true);
    }

    /** A frame for a page that nobody has to sign in for. */
    public static PageFrame outside(String title, Instant now) {
        return new PageFrame(title, "", "", List.of(), Moment.at(now), false);
    }

    /** Whether somebody is signed in. */
    public boolean signedIn() {
        return !user.isEmpty();
    }
}
