/* The logic of objects (alloc/object.h): how many bytes one with n items has. */
#pragma once

/*@ logic integer object_size(integer basic, integer item, integer n) =
      (basic + n * item + 7) / 8 * 8;
*/
