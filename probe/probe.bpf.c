// The programs that gyr loads into the kernel.
#include "probe/special/dispatch.h"
//
#include "probe/special/data.h"
#include "probe/special/exec.h"
#include "probe/special/ids.h"
#include "probe/special/io_uring.h"
#include "probe/special/keys.h"
#include "probe/special/lifecycle.h"
#include "probe/special/messages.h"
#include "probe/special/mounts.h"
#include "probe/special/open.h"
#include "probe/special/pipes.h"
#include "probe/special/polling.h"
#include "probe/special/process_control.h"
#include "probe/special/quota.h"
#include "probe/special/resources.h"
#include "probe/special/semaphores.h"
#include "probe/special/socket_options.h"
#include "probe/special/sockets.h"
#include "probe/special/tracepoints.h"
#include "probe_calls.h"

char LICENSE[] SEC("license") = "GPL";
