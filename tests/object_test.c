/* The object family: headers, sizes, and what happens without memory. */
#include "alloc/object.h"

#include "alloc/domain.h"
#include "alloc/select.h"
#include "tests/check.h"
#include "tests/sanitizer.h"

#define MAX PY_SSIZE_T_MAX

typedef struct {
  PyObject base;
  double x, y;
} point_t;

typedef struct {
  PyVarObject base;
  short item[1];
} shorts_t;

static PyTypeObject point = {.tp_name = "point", .tp_basicsize = sizeof(point_t)};
static PyTypeObject shorts = {
  .tp_name = "shorts", .tp_basicsize = sizeof(PyVarObject), .tp_itemsize = sizeof(short)};

static unsigned long no_memory;
static void count_no_memory(void) { no_memory++; }

static size_t usable(const void *p) { return space_usable(pymalloc_space(), p); }

static void test_init(void) {
  union { PyObject object; PyVarObject var; unsigned char bytes[64]; } u;
  memset(&u, 0xee, sizeof u);
  CHECK_EQ("PM-OBJECT-01", PyObject_Init(&u.object, &point), &u.object);
  CHECK_EQ("PM-OBJECT-01", u.object.ob_refcnt, 1);
  CHECK_EQ("PM-OBJECT-01", u.object.ob_type, &point);
  for (size_t i = sizeof(PyObject); i < sizeof u; i++) CHECK_EQ("PM-OBJECT-01", u.bytes[i], 0xee);
  CHECK_EQ("PM-OBJECT-01", PyObject_InitVar(&u.var, &shorts, 77), &u.var);
  CHECK_EQ("PM-OBJECT-01", u.var.ob_base.ob_refcnt, 1);
  CHECK_EQ("PM-OBJECT-01", u.var.ob_base.ob_type, &shorts);
  CHECK_EQ("PM-OBJECT-01", u.var.ob_size, 77);
  for (size_t i = sizeof(PyVarObject); i < sizeof u; i++) CHECK_EQ("PM-OBJECT-01", u.bytes[i], 0xee);
  CHECK_EQ("PM-OBJECT-02", no_memory, 0);
  CHECK("PM-OBJECT-02", PyObject_Init(NULL, &point) == NULL);
  CHECK_EQ("PM-OBJECT-02", no_memory, 1);
  CHECK("PM-OBJECT-02", PyObject_InitVar(NULL, &shorts, 1) == NULL);
  CHECK_EQ("PM-OBJECT-02", no_memory, 2);
}

static void test_new(void) {
  point_t *p = PyObject_New(point_t, &point), *q = PyObject_New(point_t, &point);
  CHECK("PM-OBJECT-03", p != NULL && q != NULL && p != q);
  CHECK_EQ("PM-OBJECT-03", p->base.ob_refcnt, 1);
  CHECK_EQ("PM-OBJECT-03", p->base.ob_type, &point);
  CHECK_EQ("PM-OBJECT-03", usable(p), (sizeof(point_t) + 15) / 16 * 16);
  p->x = p->y = 1.5;
  CHECK_EQ("PM-OBJECT-03", q->base.ob_refcnt, 1);
  PyObject_Del(p);
  PyObject_Del(q);
  CHECK_EQ("PM-OBJECT-05", usable(p), 0);
  CHECK_EQ("PM-OBJECT-05", usable(q), 0);
}

/* The size of an object with items is rounded up to whole pointers: seen in how much
   the block has. */
static void test_new_var(Py_ssize_t n) {
  shorts_t *p = PyObject_NewVar(shorts_t, &shorts, n);
  CHECK_OF("PM-OBJECT-04", p != NULL, n, no_memory);
  CHECK_EQ("PM-OBJECT-04", p->base.ob_base.ob_refcnt, 1);
  CHECK_EQ("PM-OBJECT-04", p->base.ob_base.ob_type, &shorts);
  CHECK_EQ("PM-OBJECT-04", p->base.ob_size, n);
  size_t bytes = (sizeof(PyVarObject) + (size_t)n * sizeof(short) + 7) / 8 * 8;
  CHECK_EQ("PM-OBJECT-04", usable(p), bytes <= 512 ? (bytes + 15) / 16 * 16 : 0);
  memset(p->item, 1, (size_t)n * sizeof(short));
  PyObject_Del(p);
}

/* Every size that an allocation of n items of a type has, by a domain that notes it. */
static size_t asked;

static void *asked_malloc(void *ctx, size_t n) {
  (void)ctx;
  asked = n;
  return NULL;
}

static void test_sizes(void) {
  PyMemAllocatorEx old, noting;
  PyMem_GetAllocator(PYMEM_DOMAIN_OBJ, &old);
  noting = old;
  noting.malloc = asked_malloc;
  PyMem_SetAllocator(PYMEM_DOMAIN_OBJ, &noting);
  for (Py_ssize_t basic = 24; basic < 40; basic++)
    for (Py_ssize_t item = 0; item < 20; item++)
      for (Py_ssize_t n = 0; n < 50; n++) {
        PyTypeObject type = {.tp_basicsize = basic, .tp_itemsize = item};
        CHECK("PM-OBJECT-04", _PyObject_NewVar(&type, n) == NULL);
        CHECK_EQ("PM-OBJECT-04", asked, ((size_t)(basic + item * n) + 7) / 8 * 8);
      }
  for (Py_ssize_t basic = 16; basic < 600; basic++) {
    PyTypeObject type = {.tp_basicsize = basic};
    CHECK("PM-OBJECT-03", _PyObject_New(&type) == NULL);
    CHECK_EQ("PM-OBJECT-03", asked, basic);
  }
  PyMem_SetAllocator(PYMEM_DOMAIN_OBJ, &old);
}

/* Sizes that are negative or too large: NULL, the hook is called, no request is made. */
static void test_overflow(void) {
  static const Py_ssize_t many[] = {-1, -2, PTRDIFF_MIN, MAX, MAX / 2, MAX / 2 - 10, MAX / 2 - 14};
  PyMemAllocatorEx old, noting;
  PyMem_GetAllocator(PYMEM_DOMAIN_OBJ, &old);
  noting = old;
  noting.malloc = asked_malloc;
  PyMem_SetAllocator(PYMEM_DOMAIN_OBJ, &noting);
  for (size_t i = 0; i < sizeof many / sizeof many[0]; i++) {
    unsigned long before = no_memory;
    asked = 0;
    CHECK_OF("PM-OBJECT-04", PyObject_NewVar(shorts_t, &shorts, many[i]) == NULL, i, many[i]);
    CHECK_OF("PM-OBJECT-02", no_memory == before + 1, i, no_memory);
    CHECK_OF("PM-OBJECT-04", asked == 0, i, asked);
  }
  PyTypeObject wide = {.tp_basicsize = 24, .tp_itemsize = MAX};
  CHECK("PM-OBJECT-04", _PyObject_NewVar(&wide, 2) == NULL);
  PyTypeObject wrap = {.tp_basicsize = 24, .tp_itemsize = (Py_ssize_t)1 << 32};
  CHECK("PM-OBJECT-04", _PyObject_NewVar(&wrap, (Py_ssize_t)1 << 32) == NULL);
  CHECK_EQ("PM-OBJECT-04", asked, 0);
  /* The most that is allowed does reach the allocator. */
  CHECK("PM-OBJECT-04", PyObject_NewVar(shorts_t, &shorts, MAX / 2 - 15) == NULL);
  CHECK_EQ("PM-OBJECT-04", asked, (size_t)MAX - 7);
  PyMem_SetAllocator(PYMEM_DOMAIN_OBJ, &old);
}

/* No memory, with a hook and without one. */
static void test_no_memory(void) {
  PyTypeObject huge = {.tp_basicsize = MAX - 100};
  unsigned long before = no_memory;
  CHECK("PM-OBJECT-03", _PyObject_New(&huge) == NULL);
  CHECK_EQ("PM-OBJECT-02", no_memory, before + 1);
  pymalloc_no_memory = NULL;
  CHECK("PM-OBJECT-03", _PyObject_New(&huge) == NULL);
  CHECK("PM-OBJECT-04", PyObject_NewVar(shorts_t, &shorts, -1) == NULL);
  CHECK("PM-OBJECT-02", PyObject_Init(NULL, &point) == NULL);
  CHECK_EQ("PM-OBJECT-02", no_memory, before + 1);
}

int main(void) {
  CHECK("PM-OBJECT-02", pymalloc_no_memory == NULL);
  pymalloc_no_memory = count_no_memory;
  test_init();
  test_new();
  for (Py_ssize_t n = 0; n < 400; n++) test_new_var(n);
  test_sizes();
  test_overflow();
  test_no_memory();
  return check_done();
}
