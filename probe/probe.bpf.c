// The programs that gyr loads into the kernel.
#include "probe/special/dispatch.h"
#include "probe/special/open.h"
#include "probe/special/pipes.h"
#include "probe_calls.h"

char LICENSE[] SEC("license") = "GPL";
