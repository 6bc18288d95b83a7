package org.portolan.gitserver;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.ReceivePack;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;
import org.eclipse.jgit.transport.UploadPackInternalServerErrorException;

/** How the two sides talk: over one connection, or in requests that know nothing of each other. */
interface GitTalk {
    /** Of what is sent at once: a clone has many small writes. */
    int BUFFER = 32 * 1024;

    /** A clone or fetch. */
    void send(UploadPack pack, GitServices.Streams streams) throws IOException;

    /** A push, of which {@code in} is what comes. */
    void take(ReceivePack pack, InputStream in, GitServices.Streams streams) throws IOException;

    /** Both sides at once, until one ends: SSH. */
    GitTalk CONNECTION = new GitTalk() {
        @Override
        public void send(UploadPack pack, GitServices.Streams streams) throws IOException {
            pack.upload(streams.in(), streams.out(), streams.errors());
        }

        @Override
        public void take(ReceivePack pack, InputStream in, GitServices.Streams streams) throws IOException {
            pack.receive(in, streams.out(), streams.errors());
        }
    };

    /**
     * Only what there is: the first request of HTTP.
     *
     * @param protocol the client's Git-Protocol header, "" without one
     */
    static GitTalk advertisement(String protocol) {
        return new GitTalk() {
            @Override
            public void send(UploadPack pack, GitServices.Streams streams) throws IOException {
                PacketLineOut lines = new PacketLineOut(streams.out());
                pack.setBiDirectionalPipe(false);
                pack.setExtraParameters(extra(protocol));
                try {
                    pack.sendAdvertisedRefs(new PacketLineOutRefAdvertiser(lines), GitRequest.UPLOAD);
                } finally {
                    pack.getRevWalk().close();
                }
            }

            @Override
            public void take(ReceivePack pack, InputStream in, GitServices.Streams streams) throws IOException {
                PacketLineOut lines = new PacketLineOut(streams.out());
                lines.writeString("# service=" + GitRequest.RECEIVE + "\n");
                lines.end();
                pack.setBiDirectionalPipe(false);
                try {
                    pack.sendAdvertisedRefs(new PacketLineOutRefAdvertiser(lines));
                } finally {
                    pack.getRevWalk().close();
                }
            }
        };
    }

    /** One request with its answer: the others of HTTP. */
    static GitTalk request(String protocol) {
        return new GitTalk() {
            @Override
            public void send(UploadPack pack, GitServices.Streams streams) throws IOException {
                pack.setBiDirectionalPipe(false);
                pack.setExtraParameters(extra(protocol));
                BufferedOutputStream out = new BufferedOutputStream(streams.out(), BUFFER);
                try {
                    pack.upload(streams.in(), out, streams.errors());
                } catch (UploadPackInternalServerErrorException told) {
                    // The client gets the reason in Git's own way.
                }
                out.flush();
            }

            // Not through a buffer: each line of the output is sent as it comes.
            @Override
            public void take(ReceivePack pack, InputStream in, GitServices.Streams streams) throws IOException {
                pack.setBiDirectionalPipe(false);
                pack.receive(in, streams.out(), streams.errors());
            }
        };
    }

    private static List<String> extra(String protocol) {
        return protocol.isEmpty() ? List.of() : List.of(protocol.split(":", 8));
    }
}
