#pragma once

/// Has the C library map each block of `bytes` and more by itself, process-wide, instead of cutting it out of its heap.
///
/// @return 1; 0 where the C library has no such choice or refuses it
int heap_map_from(int bytes);
