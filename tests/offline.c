/* Loaded before libc (LD_PRELOAD): no connection leaves this machine and no name is looked up, native code included.
 * What was tried is written to $OFFLINE_LOG. Children inherit it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static void tell(const char *what) {
    const char *name = getenv("OFFLINE_LOG");
    int log = name ? open(name, O_WRONLY | O_CREAT | O_APPEND, 0600) : -1;
    if (log < 0) return;
    if (write(log, what, strlen(what)) < 0 || write(log, "\n", 1) < 0) _exit(99);
    close(log);
}

static int leaves(const struct sockaddr *to, char *text, socklen_t room) {
    if (to && to->sa_family == AF_INET) {
        const struct sockaddr_in *four = (const void *)to;
        inet_ntop(AF_INET, &four->sin_addr, text, room);
        return (ntohl(four->sin_addr.s_addr) >> 24) != 127;
    }
    if (to && to->sa_family == AF_INET6) {
        const struct sockaddr_in6 *six = (const void *)to;
        inet_ntop(AF_INET6, &six->sin6_addr, text, room);
        return !IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
    }
    return 0;
}

int connect(int with, const struct sockaddr *to, socklen_t size) {
    char text[INET6_ADDRSTRLEN] = "";
    if (leaves(to, text, sizeof text)) {
        tell(text);
        errno = ENETUNREACH;
        return -1;
    }
    return REAL(connect)(with, to, size);
}

ssize_t sendto(int with, const void *data, size_t length, int flags, const struct sockaddr *to, socklen_t size) {
    char text[INET6_ADDRSTRLEN] = "";
    if (leaves(to, text, sizeof text)) {
        tell(text);
        errno = ENETUNREACH;
        return -1;
    }
    return REAL(sendto)(with, data, length, flags, to, size);
}

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
    unsigned char number[16];
    if (name && strcmp(name, "localhost") != 0 && inet_pton(AF_INET, name, number) != 1 &&
        inet_pton(AF_INET6, name, number) != 1) {
        tell(name);
        return EAI_FAIL;
    }
    return REAL(getaddrinfo)(name, service, hints, found);
}
