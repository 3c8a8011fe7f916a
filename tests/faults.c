/* Loaded before libc (LD_PRELOAD): counts what a process does to the files below $FAULT_FOLDER, and at the call number
 * $FAULT_AT ends it by SIGKILL (FAULT_DO=kill) or from there on tells it that the disk is full (FAULT_DO=full).
 * FAULT_DO=list writes a line for each call, its kind and its file, to $FAULT_LIST. Children are left alone. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *folder, *action;
static long at, calls;
static int list = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void) {
    folder = getenv("FAULT_FOLDER");
    action = getenv("FAULT_DO");
    at = atol(getenv("FAULT_AT") ? getenv("FAULT_AT") : "0");
    if (folder && action && strcmp(action, "list") == 0)
        list = open(getenv("FAULT_LIST"), O_WRONLY | O_CREAT | O_APPEND, 0600);
    unsetenv("LD_PRELOAD");
}

/* 1 where the call must fail for want of room. `grows`: whether a full disk would refuse it. */
static int meets(const char *kind, const char *path, int grows) {
    int fails = 0;
    if (!folder || strncmp(path, folder, strlen(folder)) != 0) return 0;
    pthread_mutex_lock(&lock);
    calls++;
    if (list >= 0) {
        char line[PATH_MAX + 64];
        int size = snprintf(line, sizeof line, "%s %s\n", kind, path);
        if (REAL(write)(list, line, size) != size) abort();
    }
    if (at && calls == at && strcmp(action, "kill") == 0) kill(getpid(), SIGKILL);
    if (at && calls >= at && grows && strcmp(action, "full") == 0) fails = 1;
    pthread_mutex_unlock(&lock);
    if (fails) errno = ENOSPC;
    return fails;
}

static int meets_file(const char *kind, int file, int grows) {
    char link[64], path[PATH_MAX];
    if (!folder) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 0) return 0;
    path[size] = 0;
    return meets(kind, path, grows);
}

ssize_t write(int file, const void *from, size_t size) {
    return meets_file("write", file, 1) ? -1 : REAL(write)(file, from, size);
}
ssize_t writev(int file, const struct iovec *from, int count) {
    return meets_file("write", file, 1) ? -1 : REAL(writev)(file, from, count);
}
ssize_t pwrite(int file, const void *from, size_t size, off_t place) {
    return meets_file("write", file, 1) ? -1 : REAL(pwrite)(file, from, size, place);
}
ssize_t pwrite64(int file, const void *from, size_t size, off64_t place) {
    return meets_file("write", file, 1) ? -1 : REAL(pwrite64)(file, from, size, place);
}
int fsync(int file) { return meets_file("sync", file, 0) ? -1 : REAL(fsync)(file); }
int fdatasync(int file) { return meets_file("sync", file, 0) ? -1 : REAL(fdatasync)(file); }
int rename(const char *from, const char *to) { return meets("rename", to, 0) ? -1 : REAL(rename)(from, to); }
int unlink(const char *path) { return meets("unlink", path, 0) ? -1 : REAL(unlink)(path); }
