package org.portolan.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/** Tells whether a file is as it was, without reading it. */
public final class FileStamp {
    private FileStamp() {}

    /** Another one once the file was written, replaced or removed, or got another owner or other permissions. */
    public static String of(Path file) {
        try {
            Map<String, Object> now = Files.readAttributes(file, "unix:fileKey,size,lastModifiedTime,ctime");
            return now.get("fileKey") + " " + now.get("size") + " " + now.get("lastModifiedTime") + " "
                    + now.get("ctime");
        } catch (NoSuchFileException none) {
            return "none";
        } catch (IOException unreadable) {
            return "unreadable";
        }
    }
}
