#pragma once

#include <stddef.h>

/// Gives the whole pages of a stretch of memory back to the system; they are zeros when they are next looked at. What is
/// there must be of no more use to anybody.
///
/// @return 0; a negative errno where the system refuses, and -ENOSYS where it has no such call
int pages_give_back(const void *start, size_t bytes);
