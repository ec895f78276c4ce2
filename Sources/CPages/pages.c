#include "pages.h"

#include <errno.h>

#ifdef __linux__
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

int pages_give_back(const void *start, size_t bytes) {
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t first = ((uintptr_t)start + page - 1) & ~(page - 1);
    uintptr_t end = ((uintptr_t)start + bytes) & ~(page - 1);
    if (first >= end) return 0;
    return madvise((void *)first, end - first, MADV_DONTNEED) == 0 ? 0 : -errno;
}
#else
int pages_give_back(const void *start, size_t bytes) {
    (void)start;
    (void)bytes;
    return -ENOSYS;
}
#endif
