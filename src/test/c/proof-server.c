/*
 * The server of the proof of zero loss (scripts/prove-zero-loss): small, static, fast enough that it is never what loses
 * a request, and as polite as a good server: it finishes open requests after TERM and closes kept connections between two
 * requests, never in the middle of one. Websockets and raw TCP sessions end at TERM, as in most servers: who stops the
 * process while they are open cuts them off.
 *
 *   NAME, VERSION  what every answer says, so that a client knows who answered
 *   HTTP, TCP      the ports; 8000 and 7000
 *   HEALTH=never   /up answers 503 for ever
 *   START_AFTER    milliseconds before it listens
 *   EXIT_AFTER     milliseconds after which the process exits with status 3
 *   STRICT_HOST    the only Host that it knows; any other gets 400, as from Django's ALLOWED_HOSTS
 *   COUNT          a file to which each request with ?id= is written (METHOD ID), and when a client left (LEFT ID ms)
 *
 *   GET /up        200 ok
 *   GET …/slow     waits ?ms=N, sends one half of the answer, waits again, sends the other (chunked)
 *   GET …/wait     long poll: answers nothing until the client leaves; …/sse the same after the head of an event stream
 *   ANY …/exit     the process exits with status 3, without an answer
 *   POST anything  reads the body; the answer holds its length and FNV-1a hash
 *   Upgrade        websocket (RFC 6455): text frames come back after NAME VERSION
 *   anything else  NAME VERSION PATH
 *   raw TCP        each line comes back after NAME VERSION
 *
 * `server check` asks its own /up and exits 0 if that answers 200: a health check for images without a shell.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HEAD_LIMIT = 32768, FRAME_LIMIT = 4096, GRACE_MS = 20000, WAIT_MS = 60000 };

static const char *name = "server";
static const char *version = "0";
static int never_healthy;
static const char *strict_host;
static int count = -1;
static int listeners[2];
static atomic_int ending;
static atomic_int open_requests;

static void on_term(int signal) {
    (void)signal;
    ending = 1;
}

static void sleep_ms(long ms) {
    if (ms > 0) {
        usleep((useconds_t)ms * 1000);
    }
}

static int send_all(int fd, const void *data, size_t length) {
    const char *at = data;
    while (length > 0) {
        ssize_t sent = send(fd, at, length, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent <= 0) {
            return -1;
        }
        at += sent;
        length -= (size_t)sent;
    }
    return 0;
}

static ssize_t receive(int fd, void *into, size_t length) {
    ssize_t got;
    do {
        got = recv(fd, into, length, 0);
    } while (got < 0 && errno == EINTR);
    return got;
}

static int receive_all(int fd, void *into, size_t length) {
    char *at = into;
    while (length > 0) {
        ssize_t got = receive(fd, at, length);
        if (got <= 0) {
            return -1;
        }
        at += got;
        length -= (size_t)got;
    }
    return 0;
}

/* SHA-1 (FIPS 180-4) of a short text: one websocket handshake's key. */
static uint32_t rotate(uint32_t value, int bits) {
    return (value << bits) | (value >> (32 - bits));
}

static void sha1(const unsigned char *text, size_t length, unsigned char digest[20]) {
    unsigned char data[256] = {0};
    uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    size_t total = ((length + 8) / 64 + 1) * 64;
    memcpy(data, text, length);
    data[length] = 0x80;
    for (int i = 0; i < 8; i++) {
        data[total - 1 - (size_t)i] = (unsigned char)((uint64_t)length * 8 >> (8 * i));
    }
    for (size_t block = 0; block < total; block += 64) {
        uint32_t w[80];
        for (int i = 0; i < 16; i++) {
            const unsigned char *p = data + block + 4 * (size_t)i;
            w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
        }
        for (int i = 16; i < 80; i++) {
            w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
        }
        uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
        for (int i = 0; i < 80; i++) {
            uint32_t f = i < 20   ? ((b & c) | (~b & d)) + 0x5A827999
                         : i < 40 ? (b ^ c ^ d) + 0x6ED9EBA1
                         : i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8F1BBCDC
                                  : (b ^ c ^ d) + 0xCA62C1D6;
            uint32_t next = rotate(a, 5) + f + e + w[i];
            e = d;
            d = c;
            c = rotate(b, 30);
            b = a;
            a = next;
        }
        h[0] += a;
        h[1] += b;
        h[2] += c;
        h[3] += d;
        h[4] += e;
    }
    for (int i = 0; i < 20; i++) {
        digest[i] = (unsigned char)(h[i / 4] >> (24 - 8 * (i % 4)));
    }
}

static void base64(const unsigned char *data, size_t length, char *out) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < length; i += 3) {
        uint32_t v = (uint32_t)data[i] << 16 | (i + 1 < length ? (uint32_t)data[i + 1] << 8 : 0)
                     | (i + 2 < length ? data[i + 2] : 0);
        *out++ = letters[v >> 18];
        *out++ = letters[(v >> 12) & 63];
        *out++ = i + 1 < length ? letters[(v >> 6) & 63] : '=';
        *out++ = i + 2 < length ? letters[v & 63] : '=';
    }
    *out = 0;
}

/* The value of a header in the head, copied; 0 if it is not there. */
static int header(const char *head, const char *field, char *value, size_t size) {
    size_t length = strlen(field);
    for (const char *line = strstr(head, "\r\n"); line && line[2]; line = strstr(line + 2, "\r\n")) {
        if (strncasecmp(line + 2, field, length) == 0 && line[2 + length] == ':') {
            const char *from = line + 3 + length;
            while (*from == ' ') {
                from++;
            }
            size_t n = strcspn(from, "\r\n");
            if (n >= size) {
                return 0;
            }
            memcpy(value, from, n);
            value[n] = 0;
            return 1;
        }
    }
    return 0;
}

static long long now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* One line of the count, whole, since the file is opened for appending: the host reads what each instance was asked. */
static void note(const char *word, const char *path) {
    const char *id = strstr(path, "id=");
    char line[256];
    if (count < 0 || !id) {
        return;
    }
    int n = snprintf(line, sizeof line, "%s %.*s %lld\n", word, (int)strcspn(id + 3, "&"), id + 3, now_ms());
    if (n > 0 && (size_t)n < sizeof line && write(count, line, (size_t)n) != n) {
        perror("COUNT");
    }
}

/* Waits until the client leaves, this server ends or a minute is over. */
static void wait_for_leaving(int fd, const char *path) {
    for (int waited = 0; waited < WAIT_MS && !ending; waited += 50) {
        struct pollfd poll_fd = {.fd = fd, .events = POLLIN | POLLRDHUP};
        if (poll(&poll_fd, 1, 50) > 0) {
            char byte;
            ssize_t got = recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
            if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
                note("LEFT", path);
                return;
            }
        }
    }
}

static int answer(int fd, const char *status, const char *body, int close_after) {
    char text[HEAD_LIMIT + 512];
    int n = snprintf(text, sizeof text, "HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n%s\r\n%s", status,
                     strlen(body), close_after ? "Connection: close\r\n" : "", body);
    return n > 0 && (size_t)n < sizeof text ? send_all(fd, text, (size_t)n) : -1;
}

static int slow(int fd, const char *path, int close_after) {
    const char *query = strstr(path, "ms=");
    long ms = query ? strtol(query + 3, NULL, 10) : 500;
    char text[HEAD_LIMIT];
    sleep_ms(ms / 2);
    char half[256];
    int n = snprintf(half, sizeof half, "%s %s ", name, version);
    n = snprintf(text, sizeof text, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n%s\r\n%x\r\n%s\r\n",
                 close_after ? "Connection: close\r\n" : "", n, half);
    if (send_all(fd, text, (size_t)n) < 0) {
        return -1;
    }
    sleep_ms(ms - ms / 2);
    n = snprintf(text, sizeof text, "%zx\r\n%s\r\n0\r\n\r\n", strlen(path), path);
    return send_all(fd, text, (size_t)n);
}

static void websocket(int fd, const char *key) {
    char text[512];
    unsigned char digest[20];
    char accept[32];
    int n = snprintf(text, sizeof text, "%s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);
    if (n > 180) {
        return;
    }
    sha1((const unsigned char *)text, (size_t)n, digest);
    base64(digest, sizeof digest, accept);
    n = snprintf(text, sizeof text,
                 "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                 "%s\r\n\r\n",
                 accept);
    if (send_all(fd, text, (size_t)n) < 0) {
        return;
    }
    unsigned char frame[FRAME_LIMIT + 512];
    while (1) {
        unsigned char start[6];
        if (receive_all(fd, start, 2) < 0) {
            return;
        }
        size_t length = start[1] & 0x7F;
        unsigned char mask[4];
        if (length == 126) {
            if (receive_all(fd, start + 2, 2) < 0) {
                return;
            }
            length = (size_t)start[2] << 8 | start[3];
        }
        if (!(start[1] & 0x80) || length > FRAME_LIMIT || receive_all(fd, mask, 4) < 0) {
            return;
        }
        int prefix = snprintf((char *)frame + 4, 256, "%s %s ", name, version);
        unsigned char *payload = frame + 4 + prefix;
        if (receive_all(fd, payload, length) < 0) {
            return;
        }
        for (size_t i = 0; i < length; i++) {
            payload[i] ^= mask[i % 4];
        }
        int opcode = start[0] & 0x0F;
        if (opcode == 8) {
            unsigned char end[2] = {0x88, 0};
            send_all(fd, end, 2);
            return;
        }
        size_t total = length + (size_t)prefix;
        unsigned char *from = frame + 2;
        from[0] = 0x81;
        if (total < 126) {
            from[1] = (unsigned char)total;
        } else {
            from = frame;
            from[0] = 0x81;
            from[1] = 126;
            from[2] = (unsigned char)(total >> 8);
            from[3] = (unsigned char)total;
        }
        if (send_all(fd, from, total + (total < 126 ? 2 : 4)) < 0) {
            return;
        }
    }
}

/* One request whose head is complete; what follows it in the buffer is the beginning of its body. Returns 0 to go on. */
static int request(int fd, char *head, char *rest, size_t rest_length, size_t *used) {
    char value[256];
    char path[4096];
    char method[16];
    *used = 0;
    int close_after = ending || (header(head, "Connection", value, sizeof value) && strcasecmp(value, "close") == 0);
    if (sscanf(head, "%15s %4095s", method, path) != 2) {
        answer(fd, "400 Bad Request", "no request line\n", 1);
        return -1;
    }
    note(method, path);
    if (strict_host) {
        int known = header(head, "Host", value, sizeof value);
        value[known ? strcspn(value, ":") : 0] = 0;
        if (strcasecmp(value, strict_host) != 0) {
            printf("%s %s: invalid Host header: '%s'\n", name, version, value);
            answer(fd, "400 Bad Request", "invalid Host header\n", 1);
            return -1;
        }
    }
    if (strstr(path, "/exit")) {
        printf("%s %s exits in the middle of %s %s\n", name, version, method, path);
        _exit(3);
    }
    if (header(head, "Transfer-Encoding", value, sizeof value)) {
        answer(fd, "411 Length Required", "send a Content-Length\n", 1);
        return -1;
    }
    if (header(head, "Content-Length", value, sizeof value)) {
        unsigned long long left = strtoull(value, NULL, 10);
        unsigned long long length = left;
        uint64_t hash = 0xcbf29ce484222325u;
        char block[16384];
        while (left > 0) {
            size_t n = rest_length - *used;
            const char *from = rest + *used;
            if (n > 0) {
                n = n > left ? (size_t)left : n;
                *used += n;
            } else {
                ssize_t got = receive(fd, block, left < sizeof block ? (size_t)left : sizeof block);
                if (got <= 0) {
                    return -1;
                }
                n = (size_t)got;
                from = block;
            }
            for (size_t i = 0; i < n; i++) {
                hash = (hash ^ (unsigned char)from[i]) * 0x100000001b3u;
            }
            left -= n;
        }
        char text[512];
        snprintf(text, sizeof text, "%s %s %llu %llx\n", name, version, length, (unsigned long long)hash);
        return answer(fd, "200 OK", text, close_after) < 0 || close_after ? -1 : 0;
    }
    if (strcmp(path, "/up") == 0) {
        int bad = never_healthy;
        return answer(fd, bad ? "503 Service Unavailable" : "200 OK", bad ? "never\n" : "ok\n", close_after) < 0
                       || close_after
                   ? -1
                   : 0;
    }
    if (header(head, "Sec-WebSocket-Key", value, sizeof value)) {
        open_requests--; /* a session, not a request: TERM does not wait for it */
        websocket(fd, value);
        open_requests++;
        return -1;
    }
    if (strstr(path, "/wait") || strstr(path, "/sse")) {
        const char *start = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
        open_requests--; /* TERM does not wait for it either */
        if (!strstr(path, "/sse") || send_all(fd, start, strlen(start)) == 0) {
            wait_for_leaving(fd, path);
        }
        open_requests++;
        return -1;
    }
    if (strstr(path, "/slow")) {
        return slow(fd, path, close_after) < 0 || close_after ? -1 : 0;
    }
    char text[HEAD_LIMIT];
    snprintf(text, sizeof text, "%s %s %s\n", name, version, path);
    return answer(fd, "200 OK", text, close_after) < 0 || close_after ? -1 : 0;
}

static void *serve_http(void *argument) {
    int fd = (int)(intptr_t)argument;
    char *buffer = malloc(HEAD_LIMIT + 1);
    size_t have = 0;
    while (buffer) {
        buffer[have] = 0;
        char *end = strstr(buffer, "\r\n\r\n");
        if (!end) {
            ssize_t got = have < HEAD_LIMIT ? receive(fd, buffer + have, HEAD_LIMIT - have) : 0;
            if (got <= 0) {
                break;
            }
            have += (size_t)got;
            continue;
        }
        end[2] = 0;
        size_t used;
        char *rest = end + 4;
        size_t rest_length = have - (size_t)(rest - buffer);
        open_requests++;
        int done = request(fd, buffer, rest, rest_length, &used);
        open_requests--;
        if (done < 0) {
            break;
        }
        have = rest_length - used;
        memmove(buffer, rest + used, have);
    }
    free(buffer);
    shutdown(fd, SHUT_WR);
    close(fd);
    return NULL;
}

static void *serve_tcp(void *argument) {
    int fd = (int)(intptr_t)argument;
    char line[FRAME_LIMIT + 256];
    int prefix = snprintf(line, sizeof line, "%s %s ", name, version);
    size_t have = (size_t)prefix;
    while (1) {
        ssize_t got = receive(fd, line + have, sizeof line - have);
        if (got <= 0) {
            break;
        }
        have += (size_t)got;
        if (line[have - 1] == '\n') {
            if (send_all(fd, line, have) < 0) {
                break;
            }
            have = (size_t)prefix;
        } else if (have == sizeof line) {
            break;
        }
    }
    close(fd);
    return NULL;
}

static void *accept_all(void *argument) {
    int which = (int)(intptr_t)argument;
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 256 * 1024);
    pthread_attr_setdetachstate(&small, PTHREAD_CREATE_DETACHED);
    while (1) {
        int fd = accept(listeners[which], NULL, NULL);
        if (fd < 0) {
            if (ending) {
                return NULL;
            }
            continue;
        }
        int on = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        pthread_t thread;
        if (pthread_create(&thread, &small, which ? serve_tcp : serve_http, (void *)(intptr_t)fd) != 0) {
            close(fd);
        }
    }
}

static int listen_on(const char *variable, int fallback) {
    const char *text = getenv(variable);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)(text ? atoi(text) : fallback))};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 1024) < 0) {
        perror(variable);
        exit(1);
    }
    return fd;
}

static int check(void) {
    const char *port = getenv("HTTP");
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)(port ? atoi(port) : 8000))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    const char *question = "GET /up HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    char text[16];
    return connect(fd, (struct sockaddr *)&address, sizeof address) == 0 && send_all(fd, question, strlen(question)) == 0
                   && receive_all(fd, text, 12) == 0 && memcmp(text, "HTTP/1.1 200", 12) == 0
               ? 0
               : 1;
}

int main(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "check") == 0) {
        return check();
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    strict_host = getenv("STRICT_HOST");
    if (getenv("COUNT")) {
        count = open(getenv("COUNT"), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    }
    name = getenv("NAME") ? getenv("NAME") : name;
    version = getenv("VERSION") ? getenv("VERSION") : version;
    never_healthy = getenv("HEALTH") && strcmp(getenv("HEALTH"), "never") == 0;
    struct sigaction action = {.sa_handler = on_term};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sleep_ms(getenv("START_AFTER") ? strtol(getenv("START_AFTER"), NULL, 10) : 0);
    listeners[0] = listen_on("HTTP", 8000);
    listeners[1] = listen_on("TCP", 7000);
    for (intptr_t which = 0; which < 2; which++) {
        pthread_t thread;
        pthread_create(&thread, NULL, accept_all, (void *)which);
    }
    printf("%s %s serves\n", name, version);
    long left = getenv("EXIT_AFTER") ? strtol(getenv("EXIT_AFTER"), NULL, 10) : -1;
    while (!ending) {
        sleep_ms(20);
        if (left >= 0 && (left -= 20) < 0) {
            printf("%s %s was told to exit\n", name, version);
            return 3;
        }
    }
    shutdown(listeners[0], SHUT_RDWR);
    shutdown(listeners[1], SHUT_RDWR);
    for (long waited = 0; open_requests > 0 && waited < GRACE_MS; waited += 10) {
        sleep_ms(10);
    }
    sleep_ms(20); /* the last answers leave */
    printf("%s %s ends\n", name, version);
    return 0;
}
