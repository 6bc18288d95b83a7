package org.portolan.plan;

import java.util.ArrayList;
import java.util.List;
import org.portolan.engine.Image;

/**
 * What an image is called when its content is meant. One content has several names: the digest in each repository that it
 * was pulled from or pushed to, and the engine's own id. All of them count when a kept version is looked for, so that a
 * push of the image that already runs makes no version.
 */
public final class ImageIdentity {
    private ImageIdentity() {}

    /** The names of the content, the one that a new version records first. */
    public static List<String> of(String reference, Image image) {
        String repository = repository(reference);
        List<String> identities = new ArrayList<>();
        List<String> digests = new ArrayList<>(image.digests());
        digests.sort(null);
        for (String digest : digests) {
            int at = digest.indexOf('@');
            String content = at < 0 ? digest : digest.substring(at + 1);
            boolean same = at > 0 && digest.substring(0, at).equals(repository);
            if (!identities.contains(content)) {
                identities.add(same ? 0 : identities.size(), content);
            }
        }
        if (!identities.contains(image.id())) {
            identities.add(image.id());
        }
        return identities;
    }

    /** The reference without tag and digest. */
    public static String repository(String reference) {
        int at = reference.indexOf('@');
        String name = at < 0 ? reference : reference.substring(0, at);
        int colon = name.lastIndexOf(':');
        return colon > name.lastIndexOf('/') ? name.substring(0, colon) : name;
    }
}
