/* The version.  Other files that name it are compared with this one by
   //tools:version_test. */
#pragma once

#define PYMALLOC_VERSION "0.1.0"
