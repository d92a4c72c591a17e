#pragma once
#include <fcntl.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/socket.h>

// What Swift's Glibc module hides. With _GNU_SOURCE the types of both modules would differ, so the functions
// that need it are declared here.
extern int accept4(int listener, struct sockaddr *peer, socklen_t *length, int flags);

static inline int linux_accept(int listener) {
    return accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

extern int pipe2(int ends[2], int flags);

static inline int linux_pipe(int ends[2]) {
    return pipe2(ends, O_CLOEXEC);
}

extern int pthread_setname_np(pthread_t thread, const char *name);
