/* The version.  Other files that name it are compared with this one by
   //tools:version_test. */
#ifndef PYMALLOC_ALLOC_VERSION_H
#define PYMALLOC_ALLOC_VERSION_H

#define PYMALLOC_VERSION "0.1.0"

#endif
