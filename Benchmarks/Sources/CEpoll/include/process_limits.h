#ifndef PROCESS_LIMITS_H
#define PROCESS_LIMITS_H

// Lets this process open as many files as it may: the soft limit becomes the hard one, which is returned, or -1.
long raise_open_files(void);

#endif
