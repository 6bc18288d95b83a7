package org.portolan.plan;

import java.util.ArrayList;
import java.util.List;
import org.portolan.model.container.Image;
import org.portolan.model.service.ImageContent;
import org.portolan.model.service.ImageContent.Kind;

/**
 * What an image is called when its content is meant. One content has several names: the digest in each repository that it
 * was pulled from or pushed to, and the engine's own id. All of them count when a kept version is looked for, so that a
 * push of the image that already runs makes no version.
 */
public final class ImageIdentity {
    private ImageIdentity() {}

    /** The names of the content, the one that a new version records first. */
    public static List<ImageContent> of(String reference, Image image) {
        String repository = ImageContent.repository(reference);
        List<ImageContent> identities = new ArrayList<>();
        List<String> digests = new ArrayList<>(image.digests());
        digests.sort(null);
        for (String digest : digests) {
            int at = digest.indexOf('@');
            ImageContent content = new ImageContent(at < 0 ? digest : digest.substring(at + 1), Kind.DIGEST);
            boolean same = at > 0 && digest.substring(0, at).equals(repository);
            if (!identities.contains(content)) {
                identities.add(same ? 0 : identities.size(), content);
            }
        }
        if (identities.stream().noneMatch(name -> name.value().equals(image.id()))) {
            identities.add(new ImageContent(image.id(), Kind.ID));
        }
        return identities;
    }

    /** Whether the image has the content, by whichever name. */
    public static boolean names(String reference, Image image, ImageContent content) {
        return names(reference, image, content.value());
    }

    static boolean names(String reference, Image image, String content) {
        return of(reference, image).stream().anyMatch(name -> name.value().equals(content));
    }
}
